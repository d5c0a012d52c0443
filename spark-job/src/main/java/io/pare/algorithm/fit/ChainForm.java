package io.pare.algorithm.fit;

import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Low-rank fits in the chain form, spatial and then an output subspace: {@link TapFit} with the
 * kernel columns as taps. Not thread-safe.
 */
public final class ChainForm implements LowRankForm {
  private final TapFit fit;

  /** Prepares the fits of a problem. */
  public ChainForm(Regression regression) {
    this(new TapFit(regression, regression.shape().kernelWidth()));
  }

  private ChainForm(TapFit fit) {
    this.fit = fit;
  }

  /** Whether the form differs from the channel form. */
  public static boolean applies(LayerShape shape) {
    return SpatialForm.applies(shape);
  }

  @Override
  public Component fit(LowRank ranks) {
    return component(fitted((LowRank.Chain) ranks, TapFit.ALTERNATIONS));
  }

  @Override
  public Component sketch(LowRank ranks) {
    return component(fitted((LowRank.Chain) ranks, 1));
  }

  private TapFactors fitted(LowRank.Chain both, int alternations) {
    return fit.fit(both.rank(), OptionalInt.of(both.outputRank()), alternations);
  }

  @Override
  public Component improve(Component previous) {
    Component.ChainFactors factors = (Component.ChainFactors) previous;
    return component(
        fit.improve(
            new TapFactors(
                factors.vertical(), factors.horizontal(), Optional.of(factors.output()))));
  }

  @Override
  public LowRankForm retargeted(Regression next) {
    return new ChainForm(fit.retargeted(next));
  }

  @Override
  public void close() {
    fit.close();
  }

  private static Component component(TapFactors factors) {
    return new Component.ChainFactors(
        factors.inner(), factors.core(), factors.output().orElseThrow());
  }
}
