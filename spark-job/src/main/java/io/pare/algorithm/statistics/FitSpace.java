package io.pare.algorithm.statistics;

/**
 * Where the linear systems of a layer's fits are solved: both spaces give the same fit to rounding,
 * and cost different amounts.
 */
public enum FitSpace {
  /** In the space of the d columns, with the Gram matrix G (d x d): any structure. */
  COLUMNS,
  /** In the space of the N samples, with X X^T (N x N): the channel form. */
  SAMPLES;

  /** Whether the d x d Gram matrix is there. */
  public boolean hasGram() {
    return this == COLUMNS;
  }
}
