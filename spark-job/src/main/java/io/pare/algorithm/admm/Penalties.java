package io.pare.algorithm.admm;

/**
 * The weights of the two norms.
 *
 * @param sparse lambda1, above 0 and finite
 * @param lowRank lambda2, above 0 and finite
 */
public record Penalties(double sparse, double lowRank) {

  public Penalties {
    if (!(sparse > 0 && lowRank > 0 && sparse + lowRank < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "penalties must be above 0 and finite, not " + sparse + " and " + lowRank);
    }
  }
}
