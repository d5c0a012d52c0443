package io.pare.algorithm.fit;

import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Taps;

/**
 * The low-rank fits of one {@link Regression} in one form. What all ranks share is computed once,
 * at construction and freed by {@link #close}. Not thread-safe.
 */
public interface LowRankFit extends AutoCloseable {

  /** The fits of a problem in a form that has factors. */
  static LowRankFit prepare(Form form, Regression regression) {
    return form.taps().get(0) == Taps.ALL
        ? new ChannelFit(regression)
        : new FactorFit(form, regression);
  }

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
  LowRankFit retargeted(Regression next);

  /** Frees memory off the heap. */
  @Override
  void close();
}
