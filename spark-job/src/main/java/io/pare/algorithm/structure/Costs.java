package io.pare.algorithm.structure;

import java.util.List;

/**
 * Weights and multiply-accumulates of one group of a layer (algorithm.md section 1, table of
 * components), from the sizes alone, so that a planner can price a candidate before its factors
 * exist. Multiply by the number of groups for the whole layer. Pure functions.
 */
public final class Costs {
  private Costs() {}

  /** The layer as it is. */
  public static LayerCost dense(LayerShape shape, Geometry geometry) {
    return cost(shape.weights(), geometry.kernelPositions());
  }

  /** A convolution on so many kept inputs; the gather that selects them is free. */
  static LayerCost keptInputs(LayerShape shape, Geometry geometry, int inputs) {
    long unit = (long) shape.outputs() * Taps.ALL.count(shape);
    return cost(unit * inputs, geometry.kernelPositions());
  }

  /** So many filters in full. */
  static LayerCost keptFilters(LayerShape shape, Geometry geometry, int filters) {
    return cost((long) filters * shape.columns(), geometry.kernelPositions());
  }

  /**
   * Factors one after the other, each charged at the positions where it runs: at output rows from
   * the one on that strides over rows, and likewise for columns, at input rows and columns before.
   * A transposed factor is charged where it reads, and those behind it at what it has written.
   *
   * @param taps of each factor
   * @param weights of each factor
   */
  static LayerCost chain(List<Taps> taps, long[] weights, Geometry geometry) {
    LayerCost sum = LayerCost.ZERO;
    long height = geometry.inputHeight();
    long width = geometry.inputWidth();
    for (int k = 0; k < weights.length; k++) {
      long read = height * width;
      height = taps.get(k).spansRows() ? geometry.outputHeight() : height;
      width = taps.get(k).spansColumns() ? geometry.outputWidth() : width;
      sum = sum.plus(cost(weights[k], geometry.transposed() ? read : height * width));
    }
    return sum;
  }

  private static LayerCost cost(long weights, long positions) {
    return new LayerCost(weights, Math.multiplyExact(weights, positions));
  }
}
