package io.pare.algorithm;

/**
 * The low-rank fits of one {@link Regression} in one form. What all ranks share is computed once,
 * at construction. Not thread-safe.
 */
public interface LowRankForm {

  /**
   * The fit from nothing.
   *
   * @param ranks of this form
   */
  Component fit(LowRank ranks);

  /**
   * A fit of the same ranks that starts from factors found for another target of the same layer:
   * the warm start of ReLU rounds and of alternations with a sparse component.
   */
  Component improve(Component previous);

  /**
   * The same form for another target in the same metric.
   *
   * @param next has the same Gram matrix
   */
  LowRankForm retargeted(Regression next);
}
