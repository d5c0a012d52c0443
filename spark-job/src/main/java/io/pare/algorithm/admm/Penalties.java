package io.pare.algorithm.admm;

/**
 * The weights of the two norms.
 *
 * @param sparse lambda1, above 0; infinity fixes A at zero
 * @param lowRank lambda2, above 0; infinity fixes B at zero
 */
public record Penalties(double sparse, double lowRank) {

  public Penalties {
    if (!(sparse > 0) || !(lowRank > 0)) {
      throw new IllegalArgumentException(
          "penalties must be above 0, not " + sparse + " and " + lowRank);
    }
    if (Double.isInfinite(sparse) && Double.isInfinite(lowRank)) {
      throw new IllegalArgumentException("two infinite penalties leave nothing to fit");
    }
  }

  /** A alone, B = 0. */
  public static Penalties sparseAlone(double lambda) {
    return new Penalties(lambda, Double.POSITIVE_INFINITY);
  }

  /** B alone, A = 0. */
  public static Penalties lowRankAlone(double lambda) {
    return new Penalties(Double.POSITIVE_INFINITY, lambda);
  }
}
