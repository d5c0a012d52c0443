package io.pare.algorithm.statistics;

/**
 * Where the linear systems of a layer's fits are solved: all spaces give the same fit to rounding,
 * and cost different amounts.
 */
public enum FitSpace {
  /** In the space of the d columns, with the Gram matrix G (d x d): any structure. */
  COLUMNS("in the space of its inputs"),
  /** In the space of the N samples, with X X^T (N x N): low rank, kept inputs and their sums. */
  SAMPLES("in the space of its samples"),
  /** In the space of the d columns, by steps that see G in strips: the same structures. */
  STRIPS("in the space of its inputs, in strips, by conjugate gradients");

  private final String text;

  FitSpace(String text) {
    this.text = text;
  }

  /** What a log says of it. */
  public String text() {
    return text;
  }

  /** Whether the d x d Gram matrix is there. */
  public boolean hasGram() {
    return this == COLUMNS;
  }
}
