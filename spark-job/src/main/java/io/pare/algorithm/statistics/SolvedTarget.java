package io.pare.algorithm.statistics;

/**
 * The best weights of a layer without any structure, where the system that they solve is too large
 * for one task: its Gram matrix is not among the statistics.
 *
 * @param target T = C G^-1, n x d
 * @param pull p, what the ridge adds to the diagonal of G, above 0
 */
public record SolvedTarget(Samples target, double pull) implements LayerStatistics {
  public SolvedTarget {
    if (!(pull > 0)) {
      throw new IllegalArgumentException("the ridge must be above 0, not " + pull);
    }
  }
}
