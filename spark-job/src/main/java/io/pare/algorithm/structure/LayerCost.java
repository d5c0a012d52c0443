package io.pare.algorithm.structure;

/**
 * What a layer costs, biases and activations not counted.
 *
 * @param weights number of weights stored
 * @param macs multiply-accumulates for one image; zero where the {@link Geometry} is unknown
 */
public record LayerCost(long weights, long macs) {
  /** Nothing. */
  public static final LayerCost ZERO = new LayerCost(0, 0);

  public LayerCost {
    if (weights < 0 || macs < 0) {
      throw new IllegalArgumentException("negative cost: " + weights + " weights, " + macs);
    }
  }

  /** The cost of both. */
  public LayerCost plus(LayerCost other) {
    return new LayerCost(Math.addExact(weights, other.weights), Math.addExact(macs, other.macs));
  }

  /** The cost of {@code count} alike, for instance of all groups of a convolution. */
  public LayerCost times(long count) {
    return new LayerCost(Math.multiplyExact(weights, count), Math.multiplyExact(macs, count));
  }

  /**
   * Bytes that the weights take, with {@code bytesPerWeight} 4 for floats and 0.5 for four bits.
   */
  public long bytes(double bytesPerWeight) {
    double bytes = weights * bytesPerWeight;
    if (!(bytes < Long.MAX_VALUE)) {
      throw new ArithmeticException(weights + " weights have too many bytes to count");
    }
    return Math.round(bytes);
  }
}
