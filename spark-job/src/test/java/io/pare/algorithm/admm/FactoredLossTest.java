package io.pare.algorithm.admm;

import static io.pare.algorithm.admm.SmallProblems.distance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Support;
import java.util.List;
import org.junit.jupiter.api.Test;

class FactoredLossTest {
  private static final LayerShape SHAPE = new LayerShape(12, 16, 3, 3);
  private final Regression regression = SmallProblems.regression(SHAPE, 3);
  private final LayerLoss exact = new LayerLoss(regression, SmallProblems.unlimited());
  private final FactoredLoss wide = new FactoredLoss(regression, SmallProblems.unlimited());

  @Test
  void anUpdateIsTheExactOneInSinglePrecision() {
    Matrix point = SmallProblems.normal(12, SHAPE.columns(), 7);
    for (double penalty : new double[] {wide.smallestEigenvalue(), 0.1, 10}) {
      Matrix expected = exact.nearest(point, penalty).image();
      assertThat(distance(wide.nearest(point, penalty).image(), expected))
          .isLessThan(1e-4 * Residuals.norm(expected));
    }
  }

  @Test
  void theIntervalOfPenaltiesEnclosesUsefulOnes() {
    assertThat(wide.largestEigenvalue())
        .isCloseTo(exact.largestEigenvalue(), within(0.05 * exact.largestEigenvalue()));
    assertThat(wide.smallestEigenvalue())
        .isPositive()
        .isLessThanOrEqualTo(exact.smallestEigenvalue() * (1 + 1e-9));
  }

  @Test
  void singlePrecisionMeetsTheStandardTolerance() {
    Splitting.PenaltyRange range =
        new Splitting.PenaltyRange(wide.smallestEigenvalue(), wide.largestEigenvalue());
    double rho = Math.sqrt(wide.smallestEigenvalue() * wide.largestEigenvalue());
    Penalties penalties =
        SmallProblems.balanced(
            new ExtendedAdmm(
                regression, Support.Kind.INPUTS, Matricisation.SPATIAL, SmallProblems.unlimited()),
            0.1);
    Splitting.Outcome single = splitting(wide, penalties).run(zero(), rho, range);
    Splitting.Outcome twice = splitting(exact, penalties).run(zero(), rho, range);

    assertThat(single.trace().converged()).isTrue();
    assertThat(single.trace().last().rank()).isPositive();
    assertThat(single.trace().last().supportSize()).isPositive();
    Matrix expected = twice.iterate().third();
    assertThat(distance(single.iterate().third(), expected))
        .isLessThan(1e-2 * Residuals.norm(expected));
  }

  @Test
  void anInverseIsSymmetricAndInverts() {
    Matrix gram = regression.gram();
    int d = gram.rows();
    float[] inverse = DenseAlgebra.shiftedInverse(gram, 0.5);
    Matrix shifted = gram.copy();
    for (int k = 0; k < d; k++) {
      shifted.set(k, k, shifted.at(k, k) + 0.5);
    }
    Matrix product = DenseAlgebra.multiply(shifted, Matrix.of(d, d, inverse));
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        assertThat(product.at(i, j)).isCloseTo(i == j ? 1 : 0, within(1e-3));
        assertThat(inverse[i * d + j]).isEqualTo(inverse[j * d + i]);
      }
    }
  }

  private Splitting splitting(Loss loss, Penalties penalties) {
    AdmmSettings settings = AdmmSettings.STANDARD;
    return new Splitting(
        List.of(
            new GroupPenalty(Groups.CHANNELS, SHAPE, penalties.sparse()),
            new NuclearPenalty(
                Matricisation.SPATIAL, SHAPE, penalties.lowRank(), SmallProblems.unlimited()),
            loss),
        settings,
        new Residuals.Tolerance(
            settings.absolute() * Residuals.norm(regression.target()),
            settings.absolute() * Residuals.norm(regression.cross()),
            settings.relative()),
        SmallProblems.unlimited(),
        loss.balancingInterval());
  }

  private static Variant.Iterate zero() {
    return Variant.Iterate.zero(12, SHAPE.columns());
  }
}
