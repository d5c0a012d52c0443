package io.pare.algorithm.quantization;

/**
 * Which range of a tensor's values its codes span: a narrow one has finer steps, a wide one cuts
 * fewer values off. None is best for all networks. Stateless.
 */
public enum RangeRule {
  /** All values. */
  MIN_MAX {
    @Override
    public ValueRange range(ValueHistogram histogram) {
      return histogram.range().withZero();
    }
  },

  /** All values but one in twenty thousand at either end. */
  PERCENTILE {
    @Override
    public ValueRange range(ValueHistogram histogram) {
      long cut = (long) (histogram.total() * CUT_SHARE);
      long[] counts = histogram.counts();
      int first = 0;
      for (long below = counts[0]; below <= cut && first < counts.length - 1; ) {
        below += counts[++first];
      }
      int last = counts.length - 1;
      for (long above = counts[last]; above <= cut && last > first; ) {
        above += counts[--last];
      }
      return new ValueRange((float) histogram.edge(first), (float) histogram.edge(last + 1))
          .withZero();
    }
  },

  /** The range with the least squared error of the values, rounded and cut off. */
  LEAST_SQUARES {
    @Override
    public ValueRange range(ValueHistogram histogram) {
      ValueRange all = histogram.range().withZero();
      ValueRange best = all;
      double least = squaredError(histogram, all);
      for (int low = STEPS; low > 0; low--) {
        for (int high = STEPS; high > 0; high--) {
          ValueRange tried = new ValueRange(all.low() * low / STEPS, all.high() * high / STEPS);
          double error = squaredError(histogram, tried);
          if (error < least) {
            least = error;
            best = tried;
          }
        }
        if (all.low() == 0) {
          break;
        }
      }
      return best;
    }
  };

  private static final double CUT_SHARE = 5e-5;
  private static final int STEPS = 40;

  /**
   * The range that codes are to span.
   *
   * @return a range that holds zero
   */
  public abstract ValueRange range(ValueHistogram histogram);

  /** Of values in the middle of their parts, rounded to one of 256 codes of a range or cut off. */
  static double squaredError(ValueHistogram histogram, ValueRange range) {
    double step = range.width() / AffineCode.LEVELS;
    double rounding = step * step / 12;
    double error = 0;
    long[] counts = histogram.counts();
    for (int part = 0; part < counts.length; part++) {
      if (counts[part] > 0) {
        double value = (histogram.edge(part) + histogram.edge(part + 1)) / 2;
        double cut = Math.max(0, Math.max(range.low() - value, value - range.high()));
        error += counts[part] * (cut > 0 ? cut * cut : rounding);
      }
    }
    return error;
  }
}
