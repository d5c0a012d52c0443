package io.pare.algorithm.fit;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Factor;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LowRank;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Low-rank fits in a form whose first factor reads part of the kernel (spatial, Tucker-2, chain),
 * by alternating least squares: {@link TapFit} with the positions that the second factor reads as
 * taps. Not thread-safe.
 */
final class FactorFit implements LowRankFit {
  private final Form form;
  private final TapFit fit;

  /**
   * Prepares the fits of a problem.
   *
   * @param form of two factors, or of three the last of which is 1 x 1
   */
  FactorFit(Form form, Regression regression) {
    this(form, new TapFit(regression, form.taps().get(1).count(regression.shape())));
  }

  private FactorFit(Form form, TapFit fit) {
    this.form = form;
    this.fit = fit;
  }

  @Override
  public Component fit(LowRank ranks) {
    return fitted(ranks, TapFit.ALTERNATIONS);
  }

  @Override
  public Component sketch(LowRank ranks) {
    return fitted(ranks, 1);
  }

  private Component fitted(LowRank lowRank, int alternations) {
    int[] ranks = lowRank.ranks();
    OptionalInt output = ranks.length > 1 ? OptionalInt.of(ranks[1]) : OptionalInt.empty();
    return component(fit.fit(ranks[0], output, alternations));
  }

  @Override
  public Component improve(Component previous) {
    List<Matrix> kernels = previous.factors().stream().map(Factor::kernel).toList();
    Optional<Matrix> output = kernels.size() > 2 ? Optional.of(kernels.get(2)) : Optional.empty();
    return component(fit.improve(new TapFit.Factors(kernels.get(0), kernels.get(1), output)));
  }

  @Override
  public LowRankFit retargeted(Regression next) {
    return new FactorFit(form, fit.retargeted(next));
  }

  @Override
  public void close() {
    fit.close();
  }

  private Component component(TapFit.Factors factors) {
    return factors.output().isPresent()
        ? Component.Factors.of(form, factors.inner(), factors.core(), factors.output().get())
        : Component.Factors.of(form, factors.inner(), factors.core());
  }
}
