package io.pare.algorithm;

/**
 * What a layer becomes, without the numbers: the decision that a plan makes and a fit fills in. All
 * groups of a grouped convolution share one structure.
 */
public sealed interface Structure {

  /** The layer stays as it was. */
  static Structure keep() {
    return new Keep();
  }

  /** Number of weights of one group written in this structure, bias not counted. */
  long weights(LayerShape shape);

  /** Multiply-accumulates of one group for one image. */
  long macs(LayerShape shape, Positions positions);

  /** A short name for tables: {@code keep}, {@code channel(94)}. */
  String label();

  /** Whether the layer stays as it was. */
  default boolean isKeep() {
    return this instanceof Keep;
  }

  /**
   * Where a layer is evaluated on one image.
   *
   * @param output output positions, height x width
   * @param halfway positions between a vertical convolution and the horizontal one after it: output
   *     height x input width
   */
  record Positions(long output, long halfway) {}

  /** The original weights. */
  record Keep() implements Structure {
    @Override
    public long weights(LayerShape shape) {
      return shape.weights();
    }

    @Override
    public long macs(LayerShape shape, Positions positions) {
      return shape.weights() * positions.output();
    }

    @Override
    public String label() {
      return "keep";
    }
  }

  /**
   * Low rank in the channel form, {@link Component.ChannelFactors}.
   *
   * @param rank at least 1
   */
  record Channel(int rank) implements Structure {
    @Override
    public long weights(LayerShape shape) {
      return (long) rank * (shape.columns() + shape.outputs());
    }

    @Override
    public long macs(LayerShape shape, Positions positions) {
      return weights(shape) * positions.output();
    }

    @Override
    public String label() {
      return "channel(" + rank + ")";
    }
  }

  /**
   * Low rank in the spatial form, {@link Component.SpatialFactors}.
   *
   * @param rank at least 1
   */
  record Spatial(int rank) implements Structure {
    @Override
    public long weights(LayerShape shape) {
      return first(shape) + second(shape);
    }

    @Override
    public long macs(LayerShape shape, Positions positions) {
      return first(shape) * positions.halfway() + second(shape) * positions.output();
    }

    private long first(LayerShape shape) {
      return (long) rank * shape.inputChannels() * shape.kernelHeight();
    }

    private long second(LayerShape shape) {
      return (long) rank * shape.outputs() * shape.kernelWidth();
    }

    @Override
    public String label() {
      return "spatial(" + rank + ")";
    }
  }
}
