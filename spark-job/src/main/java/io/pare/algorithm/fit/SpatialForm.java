package io.pare.algorithm.fit;

import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Low-rank fits in the spatial form, by alternating least squares: {@link TapFit} with the kernel
 * columns as taps. Not thread-safe.
 */
public final class SpatialForm implements LowRankForm {
  private final TapFit fit;

  /** Prepares the fits of a problem. */
  public SpatialForm(Regression regression) {
    this(new TapFit(regression, regression.shape().kernelWidth()));
  }

  private SpatialForm(TapFit fit) {
    this.fit = fit;
  }

  /** Whether the form differs from the channel form. */
  public static boolean applies(LayerShape shape) {
    return shape.kernelHeight() > 1 && shape.kernelWidth() > 1;
  }

  /** The largest useful rank of any layer of that shape. */
  public static int maximumRank(LayerShape shape) {
    return Math.min(
        shape.inputChannels() * shape.kernelHeight(), shape.outputs() * shape.kernelWidth());
  }

  @Override
  public Component fit(LowRank ranks) {
    return component(fitted(ranks, TapFit.ALTERNATIONS));
  }

  @Override
  public Component sketch(LowRank ranks) {
    return component(fitted(ranks, 1));
  }

  private TapFactors fitted(LowRank ranks, int alternations) {
    return fit.fit(((LowRank.Spatial) ranks).rank(), OptionalInt.empty(), alternations);
  }

  @Override
  public Component improve(Component previous) {
    Component.SpatialFactors factors = (Component.SpatialFactors) previous;
    return component(
        fit.improve(new TapFactors(factors.vertical(), factors.horizontal(), Optional.empty())));
  }

  @Override
  public LowRankForm retargeted(Regression next) {
    return new SpatialForm(fit.retargeted(next));
  }

  @Override
  public void close() {
    fit.close();
  }

  private static Component component(TapFactors factors) {
    return new Component.SpatialFactors(factors.inner(), factors.core());
  }
}
