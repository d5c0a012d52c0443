package io.pare.algorithm;

/**
 * The low-rank fits of one {@link Regression} in one form. What all ranks share is computed once,
 * at construction. Not thread-safe.
 */
public interface LowRankForm {

  /** The largest rank that the form can use: beyond it nothing is gained. */
  int maximumRank();

  /**
   * The fit of a given rank.
   *
   * @param rank from 1 to {@link #maximumRank()}
   */
  Component fit(int rank);
}
