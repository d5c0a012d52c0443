package io.pare.algorithm.fit;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.testing.Matrices;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LowRankFitTest {
  private static final LayerShape SHAPE = new LayerShape(10, 4, 3, 3);
  private static final Matrix WEIGHTS = normal(10, 36, 5);

  @Test
  void theChannelFormsErrorIsTheSumOfTheDroppedEigenvalues() {
    Regression regression = regression(WEIGHTS);
    ChannelFit form = new ChannelFit(regression);
    for (int rank : new int[] {1, 4, 9}) {
      assertThat(regression.excessError(form.fit(new LowRank(Form.CHANNEL, rank)).matrix(SHAPE)))
          .isCloseTo(form.excessError(rank), within(1e-8));
    }
    assertThat(regression.excessError(form.fit(new LowRank(Form.CHANNEL, 10)).matrix(SHAPE)))
        .isLessThan(1e-9);
  }

  @Test
  void theSpatialFormIsExactAtFullRankAndNeverWorseWithMore() {
    Regression regression = regression(WEIGHTS);
    LowRankFit form = LowRankFit.prepare(Form.SPATIAL, regression);
    double previous = Double.POSITIVE_INFINITY;
    for (int rank = 1; rank <= 12; rank++) {
      double error =
          regression.excessError(form.fit(new LowRank(Form.SPATIAL, rank)).matrix(SHAPE));
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
            LowRankFit.prepare(Form.SPATIAL, regression)
                .fit(new LowRank(Form.SPATIAL, 4))
                .matrix(SHAPE));
    double plain =
        regression.excessError(
            LowRankFit.prepare(Form.SPATIAL, blind())
                .fit(new LowRank(Form.SPATIAL, 4))
                .matrix(SHAPE));
    assertThat(fitted).isLessThan(0.95 * plain);
  }

  static Stream<Arguments> forms() {
    return Stream.of(
        arguments(
            Form.CHANNEL,
            Component.Factors.of(Form.CHANNEL, normal(3, 36, 6), normal(10, 3, 7)),
            new LowRank(Form.CHANNEL, 3),
            new LowRank(Form.CHANNEL, 2)),
        arguments(
            Form.SPATIAL,
            Component.Factors.of(Form.SPATIAL, normal(3, 12, 6), normal(10, 9, 7)),
            new LowRank(Form.SPATIAL, 3),
            new LowRank(Form.SPATIAL, 2)),
        arguments(
            Form.TUCKER,
            Component.Factors.of(Form.TUCKER, normal(2, 4, 6), normal(5, 18, 7), normal(10, 5, 8)),
            new LowRank(Form.TUCKER, 2, 5),
            new LowRank(Form.TUCKER, 1, 5)),
        arguments(
            Form.CHAIN,
            Component.Factors.of(Form.CHAIN, normal(3, 12, 6), normal(4, 9, 7), normal(10, 4, 8)),
            new LowRank(Form.CHAIN, 3, 4),
            new LowRank(Form.CHAIN, 3, 3)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyFormRecoversAKernelOfThatForm(
      Form form, Component exact, LowRank ranks, LowRank tooSmall) {
    Regression regression = regression(exact.matrix(SHAPE));
    double scale = regression.excessError(Matrix.zeros(10, 36));
    try (LowRankFit fits = LowRankFit.prepare(form, regression)) {
      assertThat(error(regression, fits.fit(ranks)) / scale).isLessThan(1e-5);
      assertThat(error(regression, fits.fit(tooSmall)) / scale).isGreaterThan(1e-3);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Form.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void theErrorOfEveryFormFallsAlongItsPath(Form form) {
    Regression regression = regression(WEIGHTS);
    double previous = Double.POSITIVE_INFINITY;
    try (LowRankFit fits = LowRankFit.prepare(form, regression)) {
      for (int step = 1; step <= form.largestStep(SHAPE); step++) {
        double error = error(regression, fits.fit(form.at(SHAPE, step)));
        assertThat(error).as("step %d", step).isLessThan(previous);
        previous = error;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void improvingNeverRaisesTheErrorForTheNewTarget(
      Form form, Component exact, LowRank ranks, LowRank tooSmall) {
    Regression regression = regression(WEIGHTS);
    Matrix shifted = DenseAlgebra.combine(regression.cross(), normal(10, 36, 9), 0.05);
    Regression next = regression.withTarget(shifted, new double[10]);
    try (LowRankFit fits = LowRankFit.prepare(form, regression)) {
      LowRankFit retargeted = fits.retargeted(next);
      Component present = fits.fit(ranks);
      double before = error(next, present);
      for (int round = 0; round < 3; round++) {
        present = retargeted.improve(present);
        double after = error(next, present);
        assertThat(after).isLessThanOrEqualTo(before * (1 + 1e-9));
        before = after;
      }
      assertThat(before).isLessThan(error(next, fits.fit(ranks)));
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aFitHasTheWeightsThatItsRanksArePricedAt(
      Form form, Component exact, LowRank ranks, LowRank tooSmall) {
    assertThat(ranks.form()).isEqualTo(form);
    try (LowRankFit fits = LowRankFit.prepare(form, regression(WEIGHTS))) {
      for (LowRank some : List.of(ranks, tooSmall)) {
        Component fitted = fits.fit(some);
        assertThat(fitted.weights()).isEqualTo(some.cost(SHAPE, Geometry.UNKNOWN).weights());
        assertThat(fitted.cost(Geometry.UNKNOWN)).isEqualTo(some.cost(SHAPE, Geometry.UNKNOWN));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Form.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void costRisesWithEveryStepOfAPath(Form form) {
    for (LayerShape shape :
        List.of(SHAPE, new LayerShape(7, 64, 3, 3), new LayerShape(64, 3, 3, 5))) {
      long previous = 0;
      for (int step = 1; step <= form.largestStep(shape); step++) {
        long weights = form.at(shape, step).cost(shape, Geometry.UNKNOWN).weights();
        assertThat(weights).isGreaterThan(previous);
        previous = weights;
      }
      assertThat(previous).isBetween(1L, shape.weights() - 1);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Form.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void fewerSamplesThanColumnsAndDeadChannelsStillGiveAFit(Form form) {
    Samples x = Matrices.correlated(12, 36, 3);
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < 9; j++) {
        x.values()[i * 36 + j] = 0;
      }
    }
    Regression regression = regression(WEIGHTS, x);
    try (LowRankFit fits = LowRankFit.prepare(form, regression)) {
      for (int step : new int[] {1, form.largestStep(SHAPE)}) {
        Component fitted = fits.fit(form.at(SHAPE, step));
        assertThat(error(regression, fitted))
            .isLessThan(regression.excessError(Matrix.zeros(10, 36)));
        assertThat(fits.improve(fitted).matrix(SHAPE).isFinite()).isTrue();
      }
    }
  }

  private static double error(Regression regression, Component component) {
    return regression.excessError(component.matrix(SHAPE));
  }

  private static Regression regression(Matrix weights) {
    return regression(weights, Matrices.correlated(2000, 36, 2));
  }

  private static Regression blind() {
    Matrix identity = Matrix.zeros(36, 36);
    for (int k = 0; k < 36; k++) {
      identity.set(k, k, 1);
    }
    Moments moments = new Moments(1, new double[36], new double[10], identity, WEIGHTS);
    return Regression.of(SHAPE, WEIGHTS, moments, 1e-9);
  }

  private static Regression regression(Matrix weights, Samples x) {
    Moments.Accumulator accumulator = new Moments.Accumulator(36, 10);
    accumulator.add(x, x.transformed(weights, new double[10]));
    return Regression.of(SHAPE, weights, accumulator.moments(), 1e-6);
  }
}
