package io.pare.algorithm.fit;

import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Low-rank fits in the Tucker-2 form: {@link TapFit} with all positions of the kernel as taps and
 * an output subspace. Not thread-safe.
 */
public final class TuckerForm implements LowRankForm {
  private final TapFit fit;

  /** Prepares the fits of a problem. */
  public TuckerForm(Regression regression) {
    this(
        new TapFit(
            regression, regression.shape().kernelHeight() * regression.shape().kernelWidth()));
  }

  private TuckerForm(TapFit fit) {
    this.fit = fit;
  }

  /** Whether the form differs from the channel form. */
  public static boolean applies(LayerShape shape) {
    return shape.kernelHeight() * shape.kernelWidth() > 1 && shape.inputChannels() > 1;
  }

  @Override
  public Component fit(LowRank ranks) {
    return component(fitted((LowRank.Tucker) ranks, TapFit.ALTERNATIONS));
  }

  @Override
  public Component sketch(LowRank ranks) {
    return component(fitted((LowRank.Tucker) ranks, 1));
  }

  private TapFactors fitted(LowRank.Tucker both, int alternations) {
    return fit.fit(both.inputRank(), OptionalInt.of(both.outputRank()), alternations);
  }

  @Override
  public Component improve(Component previous) {
    Component.TuckerFactors factors = (Component.TuckerFactors) previous;
    return component(
        fit.improve(
            new TapFactors(factors.input(), factors.core(), Optional.of(factors.output()))));
  }

  @Override
  public LowRankForm retargeted(Regression next) {
    return new TuckerForm(fit.retargeted(next));
  }

  @Override
  public void close() {
    fit.close();
  }

  private static Component component(TapFactors factors) {
    return new Component.TuckerFactors(
        factors.inner(), factors.core(), factors.output().orElseThrow());
  }
}
