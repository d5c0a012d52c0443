package io.pare.algorithm.statistics;

/**
 * Two classifiers on the same labelled images, where one is right and the other wrong; on all other
 * images they do not differ. By McNemar's exact test (Q. McNemar, Note on the sampling error of the
 * difference between correlated proportions, 1947): if both are equally good, each such image goes
 * either way with the same probability.
 *
 * @param lost images on which the first alone is right, at least 0
 * @param gained images on which the second alone is right, at least 0
 */
public record PairedHits(long lost, long gained) {

  public PairedHits {
    if (lost < 0 || gained < 0) {
      throw new IllegalArgumentException(
          "numbers of images must be at least 0, but are " + lost + " and " + gained);
    }
  }

  /**
   * The two-sided probability of a difference at least as large if both are equally good: from
   * above 0 to 1, and 1 where they differ on no image.
   */
  public double probability() {
    long images = lost + gained;
    long fewer = Math.min(lost, gained);
    // log of C(images, k) / 2^images, term by term.
    double term = -images * Math.log(2);
    double tail = Math.exp(term);
    for (long k = 1; k <= fewer; k++) {
      term += Math.log((double) (images - k + 1) / k);
      tail += Math.exp(term);
    }
    return Math.max(Double.MIN_NORMAL, Math.min(1, 2 * tail));
  }
}
