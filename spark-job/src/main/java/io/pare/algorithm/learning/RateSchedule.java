package io.pare.algorithm.learning;

/**
 * The rate of each step: rising in proportion at first, then falling to zero along half a cosine
 * (Loshchilov and Hutter 2017, arXiv 1608.03983).
 *
 * @param rate the largest, above 0
 * @param steps of the whole, at least 1
 * @param warmUp steps until the largest rate, at least 0 and fewer than all
 */
public record RateSchedule(double rate, int steps, int warmUp) {

  public RateSchedule {
    if (!(rate > 0) || steps < 1 || warmUp < 0 || warmUp >= steps) {
      throw new IllegalArgumentException(
          "no schedule rises to %s in %d of %d steps".formatted(rate, warmUp, steps));
    }
  }

  /**
   * The rate of a step.
   *
   * @param step from 0
   */
  public double at(int step) {
    if (step < warmUp) {
      return rate * (step + 1) / (warmUp + 1);
    }
    double share = (double) (step - warmUp) / (steps - warmUp);
    return rate * 0.5 * (1 + StrictMath.cos(StrictMath.PI * share));
  }
}
