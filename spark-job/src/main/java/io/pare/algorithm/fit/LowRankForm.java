package io.pare.algorithm.fit;

import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LowRank;

/**
 * The low-rank fits of one {@link Regression} in one form. What all ranks share is computed once,
 * at construction and freed by {@link #close}. Not thread-safe.
 */
public interface LowRankForm extends AutoCloseable {

  /**
   * The fit from nothing.
   *
   * @param ranks of this form
   */
  Component fit(LowRank ranks);

  /**
   * A fit from nothing in less time, good enough to compare ranks and forms.
   *
   * @param ranks of this form
   */
  default Component sketch(LowRank ranks) {
    return fit(ranks);
  }

  /**
   * A fit of the same ranks that starts from factors found for another target of the same layer:
   * the warm start of ReLU rounds and of alternations with a sparse component.
   */
  Component improve(Component previous);

  /**
   * The same form for another target in the same metric. It shares what depends on the metric alone
   * and must not be used after the form that it comes from is closed; closing that one is enough.
   *
   * @param next has the same Gram matrix
   */
  LowRankForm retargeted(Regression next);

  /** Frees memory off the heap. */
  @Override
  void close();
}
