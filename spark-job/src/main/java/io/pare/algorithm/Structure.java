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

  /** What one group costs when written in this structure, bias not counted. */
  LayerCost cost(LayerShape shape, Geometry geometry);

  /** Number of weights of one group. */
  default long weights(LayerShape shape) {
    return cost(shape, Geometry.UNKNOWN).weights();
  }

  /** A short name for tables: {@code keep}, {@code channel(94)}. */
  String label();

  /** Whether the layer stays as it was. */
  default boolean isKeep() {
    return this instanceof Keep;
  }

  /** The original weights. */
  record Keep() implements Structure {
    @Override
    public LayerCost cost(LayerShape shape, Geometry geometry) {
      return Costs.dense(shape, geometry);
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
    public LayerCost cost(LayerShape shape, Geometry geometry) {
      return Costs.channelFactors(shape, geometry, rank);
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
    public LayerCost cost(LayerShape shape, Geometry geometry) {
      return Costs.spatialFactors(shape, geometry, rank);
    }

    @Override
    public String label() {
      return "spatial(" + rank + ")";
    }
  }
}
