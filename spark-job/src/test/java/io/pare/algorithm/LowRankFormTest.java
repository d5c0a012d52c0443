package io.pare.algorithm;

import static io.pare.algorithm.DenseAlgebraTest.RandomMatrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LowRankFormTest {
  private static final LayerShape SHAPE = new LayerShape(10, 4, 3, 3);
  private static final Matrix WEIGHTS = normal(10, 36, 5);

  @Test
  void theChannelFormsErrorIsTheSumOfTheDroppedEigenvalues() {
    Regression regression = regression(WEIGHTS);
    ChannelForm form = new ChannelForm(regression);
    for (int rank : new int[] {1, 4, 9}) {
      assertThat(regression.excessError(Kernels.of(SHAPE, form.fit(new LowRank.Channel(rank)))))
          .isCloseTo(form.excessError(rank), within(1e-8));
    }
    assertThat(regression.excessError(Kernels.of(SHAPE, form.fit(new LowRank.Channel(10)))))
        .isLessThan(1e-9);
  }

  @Test
  void theSpatialFormRecoversAKernelOfThatForm() {
    Component exact = new Component.SpatialFactors(normal(3, 12, 6), normal(10, 9, 7));
    Regression regression = regression(Kernels.of(SHAPE, exact));
    double scale = regression.excessError(Matrix.zeros(10, 36));
    SpatialForm form = new SpatialForm(regression);
    assertThat(regression.excessError(Kernels.of(SHAPE, form.fit(new LowRank.Spatial(3)))) / scale)
        .isLessThan(1e-5);
    assertThat(regression.excessError(Kernels.of(SHAPE, form.fit(new LowRank.Spatial(2)))) / scale)
        .isGreaterThan(1e-3);
  }

  @Test
  void theSpatialFormIsExactAtFullRankAndNeverWorseWithMore() {
    Regression regression = regression(WEIGHTS);
    SpatialForm form = new SpatialForm(regression);
    assertThat(SpatialForm.maximumRank(SHAPE)).isEqualTo(12);
    double previous = Double.POSITIVE_INFINITY;
    for (int rank = 1; rank <= 12; rank++) {
      double error = regression.excessError(Kernels.of(SHAPE, form.fit(new LowRank.Spatial(rank))));
      assertThat(error).isLessThanOrEqualTo(previous);
      previous = error;
    }
    assertThat(previous).isLessThan(1e-6 * regression.excessError(Matrix.zeros(10, 36)));
  }

  @Test
  void theSpatialFormBeatsTheTruncatedDecompositionOfTheWeightsInTheDatasMetric() {
    Regression regression = regression(WEIGHTS);
    double fitted =
        regression.excessError(
            Kernels.of(SHAPE, new SpatialForm(regression).fit(new LowRank.Spatial(4))));
    double plain =
        regression.excessError(
            Kernels.of(SHAPE, new SpatialForm(blind()).fit(new LowRank.Spatial(4))));
    assertThat(fitted).isLessThan(0.95 * plain);
  }

  @Test
  void fewerSamplesThanColumnsAndDeadChannelsStillGiveAFit() {
    Samples x = SyntheticSamples.correlated(12, 36, 3);
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < 9; j++) {
        x.values()[i * 36 + j] = 0;
      }
    }
    Regression regression = regression(WEIGHTS, x);
    assertThat(
            Kernels.of(SHAPE, new SpatialForm(regression).fit(new LowRank.Spatial(4))).isFinite())
        .isTrue();
    assertThat(
            Kernels.of(SHAPE, new ChannelForm(regression).fit(new LowRank.Channel(4))).isFinite())
        .isTrue();
  }

  private static Regression regression(Matrix weights) {
    return regression(weights, SyntheticSamples.correlated(2000, 36, 2));
  }

  private static Regression blind() {
    Matrix identity = Matrix.zeros(36, 36);
    for (int k = 0; k < 36; k++) {
      identity.set(k, k, 1);
    }
    Moments moments = new Moments(1, new double[36], new double[10], identity, WEIGHTS, 1);
    return Regression.of(SHAPE, WEIGHTS, moments, 1e-9);
  }

  private static Regression regression(Matrix weights, Samples x) {
    Moments.Accumulator accumulator = new Moments.Accumulator(36, 10);
    accumulator.add(x, x.transformed(weights, new double[10]));
    return Regression.of(SHAPE, weights, accumulator.moments(), 1e-6);
  }
}
