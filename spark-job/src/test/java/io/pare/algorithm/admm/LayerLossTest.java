package io.pare.algorithm.admm;

import static io.pare.algorithm.admm.SmallProblems.distance;
import static io.pare.algorithm.admm.SmallProblems.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Support;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerLossTest {
  private static final LayerShape WIDE = new LayerShape(8, 64, 3, 3);

  @ParameterizedTest
  @CsvSource({"9, 1e-10", "64, 1e-4"})
  void anUpdateSolvesItsSystemWideOnesInSinglePrecision(int inputs, double tolerance) {
    LayerShape shape = new LayerShape(8, inputs, 3, 3);
    Regression regression = SmallProblems.regression(shape, 6);
    LayerLoss loss = new LayerLoss(regression, SmallProblems.unlimited());
    Matrix point = normal(8, shape.columns(), 7);
    for (double penalty : new double[] {0.7, 20, 0.7}) {
      Block.Update update = loss.nearest(point, penalty);
      Matrix m = DenseAlgebra.combine(update.image(), update.image(), -2);
      Matrix left = DenseAlgebra.combine(DenseAlgebra.multiply(m, regression.gram()), m, penalty);
      Matrix right = DenseAlgebra.combine(regression.cross(), point, -penalty);
      assertThat(distance(left, right)).isLessThan(tolerance * Residuals.norm(right));
      double expected = SmallProblems.loss(regression, m);
      assertThat(update.value()).isCloseTo(expected, within(tolerance * Math.abs(expected)));
    }
  }

  @Test
  void aPenaltyThatStaysIsFactoredOnce() {
    Work work = SmallProblems.unlimited();
    LayerLoss loss = new LayerLoss(SmallProblems.regression(WIDE, 6), work);
    Matrix point = normal(8, WIDE.columns(), 7);
    loss.nearest(point, 0.7);
    double first = work.spent();
    loss.nearest(point, 0.7);

    double product = 2.0 * 8 * WIDE.columns() * WIDE.columns();
    assertThat(work.spent() - first).isCloseTo(product, within(1.0));
    assertThat(first).isGreaterThan(10 * product);
  }

  @Test
  void theRangeOfPenaltiesIsThatOfTheEigenvaluesAndHoldsTheOneInUse() {
    Regression regression = SmallProblems.regression(SmallProblems.SQUARE, 3);
    LayerLoss loss = new LayerLoss(regression, SmallProblems.unlimited());
    double[] eigenvalues = Eigen.of(regression.gram()).values();
    Splitting.PenaltyRange range = loss.range(loss.startingPenalty());

    assertThat(range.greatest()).isCloseTo(eigenvalues[0], within(0.05 * eigenvalues[0]));
    assertThat(range.least()).isPositive().isLessThan(eigenvalues[eigenvalues.length - 1] * 1.01);
    assertThat(loss.range(1e6 * eigenvalues[0]).greatest()).isEqualTo(1e6 * eigenvalues[0]);
  }

  @Test
  void singlePrecisionMeetsTheStandardTolerance() {
    ExtendedAdmm admm =
        new ExtendedAdmm(
            SmallProblems.regression(WIDE, 3),
            Support.Kind.INPUTS,
            Matricisation.SPATIAL,
            SmallProblems.unlimited());
    double ratio = 1.2 * GroupPenalty.weight(Groups.CHANNELS, WIDE);
    AdmmSolution solution =
        admm.solve(SmallProblems.onRay(admm, ratio, 0.2), Optional.empty(), AdmmSettings.STANDARD);

    assertThat(solution.trace().converged()).isTrue();
    assertThat(solution.trace().iterations()).hasSizeLessThan(200);
  }
}
