package io.pare.io.preprocessing;

/**
 * How each output position along one axis is a weighted sum of input positions. Output position i
 * is centred at (i + 0.5) * in / out; when shrinking, the filter is stretched by that ratio, which
 * is what prevents aliasing. Weights sum to one before they are rounded to fixed point.
 *
 * @param first the first input position of each output position
 * @param weights the weights of each output position, with {@link #PRECISION} fractional bits
 */
@SuppressWarnings("ArrayRecordComponent")
record ResamplingWeights(int[] first, int[][] weights) {
  /** Fractional bits: 32 less 8 of the samples and 2 for the overshoot of negative weights. */
  static final int PRECISION = 22;

  /** Half a grey level: the value a sum starts from, so that the shift rounds. */
  static final int HALF = 1 << (PRECISION - 1);

  /**
   * The weights of the output positions {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @param in number of input positions
   * @param out number of output positions of the whole axis
   */
  static ResamplingWeights of(int in, int out, int from, int to, Interpolation interpolation) {
    double scale = (double) in / out;
    double stretch = Math.max(1, scale);
    double support = interpolation.support() * stretch;
    int[] first = new int[to - from];
    int[][] weights = new int[to - from][];
    for (int i = from; i < to; i++) {
      double center = (i + 0.5) * scale;
      int begin = Math.max(0, (int) (center - support + 0.5));
      int end = Math.min(in, (int) (center + support + 0.5));
      double[] exact = new double[end - begin];
      double sum = 0;
      for (int k = 0; k < exact.length; k++) {
        exact[k] = interpolation.weight((begin + k - center + 0.5) * (1 / stretch));
        sum += exact[k];
      }
      first[i - from] = begin;
      weights[i - from] = toFixedPoint(exact, sum);
    }
    return new ResamplingWeights(first, weights);
  }

  private static int[] toFixedPoint(double[] exact, double sum) {
    int[] fixed = new int[exact.length];
    for (int k = 0; k < exact.length; k++) {
      double scaled = exact[k] / sum * (1 << PRECISION);
      fixed[k] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    return fixed;
  }

  /** The input position behind the last one that any output position reads. */
  int end() {
    int end = 0;
    for (int i = 0; i < first.length; i++) {
      end = Math.max(end, first[i] + weights[i].length);
    }
    return end;
  }

  /** The first input position that any output position reads. */
  int begin() {
    int begin = Integer.MAX_VALUE;
    for (int position : first) {
      begin = Math.min(begin, position);
    }
    return begin;
  }
}
