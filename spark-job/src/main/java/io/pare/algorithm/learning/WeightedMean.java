package io.pare.algorithm.learning;

import java.util.List;

/**
 * The mean of arrays of single precision, added in double precision and in their order: the same
 * bits wherever the arrays come from.
 */
public final class WeightedMean {
  private WeightedMean() {}

  /**
   * Entry by entry.
   *
   * @param arrays at least one, all of one length
   * @param shares of the arrays, one each; their sum is 1
   */
  public static float[] of(List<float[]> arrays, double[] shares) {
    if (arrays.size() != shares.length) {
      throw new IllegalArgumentException(
          "%d arrays and %d shares".formatted(arrays.size(), shares.length));
    }
    double[] sums = new double[arrays.get(0).length];
    for (int i = 0; i < shares.length; i++) {
      float[] values = arrays.get(i);
      for (int k = 0; k < sums.length; k++) {
        sums[k] += shares[i] * values[k];
      }
    }
    float[] mean = new float[sums.length];
    for (int k = 0; k < sums.length; k++) {
      mean[k] = (float) sums[k];
    }
    return mean;
  }
}
