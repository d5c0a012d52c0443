package io.pare.algorithm;

import java.util.List;

/**
 * Weights and multiply-accumulates of one group of a layer in each form in which it can be written
 * (algorithm.md section 1), from the sizes alone, so that a planner can price a candidate before
 * its factors exist. Multiply by the number of groups for the whole layer.
 *
 * <p>Each factor is charged at the positions where it runs: the k x k convolution of every form at
 * the output positions; the first factor of the spatial form at output rows times input columns;
 * the 1 x 1 convolution that opens the Tucker form at the input positions. Pure functions.
 */
public final class Costs {
  private Costs() {}

  /** The layer as it is. */
  public static LayerCost dense(LayerShape shape, Geometry geometry) {
    return cost(shape.weights(), geometry.outputPositions());
  }

  /** Channel form of rank r: k x k to r, 1 x 1 to n. */
  public static LayerCost channelFactors(LayerShape shape, Geometry geometry, int rank) {
    return cost((long) rank * shape.columns(), geometry.outputPositions())
        .plus(last(shape.outputs(), rank, 1, geometry));
  }

  /** Spatial form of rank r: kh x 1 to r, 1 x kw to n. */
  public static LayerCost spatialFactors(LayerShape shape, Geometry geometry, int rank) {
    long vertical = (long) rank * shape.inputChannels() * shape.kernelHeight();
    return cost(vertical, (long) geometry.outputHeight() * geometry.inputWidth())
        .plus(last(shape.outputs(), rank, shape.kernelWidth(), geometry));
  }

  /** Tucker-2 form of ranks r1 and r2: 1 x 1 to r1, k x k to r2, 1 x 1 to n. */
  public static LayerCost tuckerFactors(
      LayerShape shape, Geometry geometry, int inputRank, int outputRank) {
    long core = (long) inputRank * outputRank * shape.kernelHeight() * shape.kernelWidth();
    return cost((long) inputRank * shape.inputChannels(), geometry.inputPositions())
        .plus(cost(core, geometry.outputPositions()))
        .plus(last(shape.outputs(), outputRank, 1, geometry));
  }

  /** Chain form of ranks r and s: kh x 1 to r, 1 x kw to s, 1 x 1 to n. */
  public static LayerCost chainFactors(
      LayerShape shape, Geometry geometry, int rank, int outputRank) {
    long vertical = (long) rank * shape.inputChannels() * shape.kernelHeight();
    return cost(vertical, (long) geometry.outputHeight() * geometry.inputWidth())
        .plus(last(outputRank, rank, shape.kernelWidth(), geometry))
        .plus(last(shape.outputs(), outputRank, 1, geometry));
  }

  /** A convolution on so many kept input channels; the gather that selects them is free. */
  public static LayerCost inputChannels(LayerShape shape, Geometry geometry, int channels) {
    long unit = (long) shape.outputs() * shape.kernelHeight() * shape.kernelWidth();
    return cost(unit * channels, geometry.outputPositions());
  }

  /** So many filters in full. */
  public static LayerCost filters(LayerShape shape, Geometry geometry, int filters) {
    return cost((long) filters * shape.columns(), geometry.outputPositions());
  }

  /** One component on its own. */
  public static LayerCost of(LayerShape shape, Geometry geometry, Component component) {
    if (component instanceof Component.ChannelFactors factors) {
      return channelFactors(shape, geometry, factors.first().rows());
    }
    if (component instanceof Component.SpatialFactors factors) {
      return spatialFactors(shape, geometry, factors.vertical().rows());
    }
    if (component instanceof Component.TuckerFactors factors) {
      return tuckerFactors(shape, geometry, factors.input().rows(), factors.core().rows());
    }
    if (component instanceof Component.ChainFactors factors) {
      return chainFactors(shape, geometry, factors.vertical().rows(), factors.horizontal().rows());
    }
    if (component instanceof Component.InputChannels part) {
      return inputChannels(shape, geometry, part.channels().length);
    }
    if (component instanceof Component.Filters part) {
      return filters(shape, geometry, part.filters().length);
    }
    return dense(shape, geometry);
  }

  /**
   * A sum of components as it is written. Filters kept in full are left out of the other summands:
   * their last factor has n - |filters| rows, unless nothing but kept filters is there.
   */
  public static LayerCost of(LayerShape shape, Geometry geometry, Approximation approximation) {
    List<Component> components = approximation.components();
    int kept = 0;
    for (Component component : components) {
      if (component instanceof Component.Filters part) {
        kept += part.filters().length;
      }
    }
    LayerCost sum = kept == 0 ? LayerCost.ZERO : filters(shape, geometry, kept);
    if (kept == shape.outputs()) {
      return sum;
    }
    LayerShape rest = shape.withOutputs(shape.outputs() - kept);
    for (Component component : components) {
      if (!(component instanceof Component.Filters)) {
        sum = sum.plus(of(rest, geometry, component));
      }
    }
    return sum;
  }

  private static LayerCost last(int outputs, int rank, int kernelWidth, Geometry geometry) {
    return cost((long) outputs * rank * kernelWidth, geometry.outputPositions());
  }

  private static LayerCost cost(long weights, long positions) {
    return new LayerCost(weights, Math.multiplyExact(weights, positions));
  }
}
