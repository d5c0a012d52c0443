package io.pare.algorithm.admm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The instance on which three-block updates in plain order diverge (Chen, He, Ye and Yuan 2016):
 * three numbers, f = 0, and the columns of [1 1 1; 1 1 2; 1 2 2] as operators. Its only solution is
 * zero.
 */
class SplittingTest {
  private static final Matrix[] OPERATORS = {column(1, 1, 1), column(1, 1, 2), column(1, 2, 2)};
  private static final List<Block> BLOCKS =
      List.of(new Line(OPERATORS[0]), new Line(OPERATORS[1]), new Line(OPERATORS[2]));
  private static final Residuals.Tolerance TOLERANCE = new Residuals.Tolerance(1e-8, 1e-8, 0);
  private static final Splitting.PenaltyRange FIXED = new Splitting.PenaltyRange(1, 1);
  private static final Variant.Iterate START =
      new Variant.Iterate(column(0, 0, 0), OPERATORS[1], OPERATORS[2], column(1, -1, 1));

  @Test
  void thePlainOrderHasASpectralRadiusAboveOne() {
    assertThat(spectralRadius(Variant.GAUSS_SEIDEL)).isCloseTo(1.0278, within(5e-5));
  }

  @Test
  void theSafeguardedVariantContracts() {
    assertThat(spectralRadius(Variant.SEMI_PROXIMAL)).isLessThan(0.999);
  }

  @Test
  void withoutTheSafeguardTheIterationDiverges() {
    AdmmSettings plain = new AdmmSettings(1, 1, 500, 0, 1000);
    Trace trace = run(plain).trace();
    assertThat(trace.stopReason()).isEqualTo(Trace.StopReason.ITERATION_LIMIT);
    assertThat(trace.iterations()).allMatch(entry -> entry.variant() == Variant.GAUSS_SEIDEL);
    Splitting.Outcome later = run(new AdmmSettings(1, 1, 900, 0, 1000));
    assertThat(Residuals.norm(later.iterate().residual())).isGreaterThan(1000);
  }

  @Test
  void theSafeguardTakesOverAndConverges() {
    AdmmSettings guarded = new AdmmSettings(1, 1, 5000, 0, 25);
    Splitting.Outcome outcome = run(guarded);
    assertThat(outcome.trace().converged()).isTrue();
    assertThat(outcome.trace().iterations().get(0).variant()).isEqualTo(Variant.GAUSS_SEIDEL);
    assertThat(outcome.trace().last().variant()).isEqualTo(Variant.SEMI_PROXIMAL);
    assertThat(Residuals.norm(outcome.iterate().third())).isLessThan(1e-6);
  }

  private static Splitting.Outcome run(AdmmSettings settings) {
    return new Splitting(BLOCKS, settings, TOLERANCE, SmallProblems.unlimited())
        .run(START, 1, FIXED);
  }

  /** f = 0 over the multiples of one vector. */
  private record Line(Matrix operator) implements Block {
    @Override
    public Update nearest(Matrix point, double penalty) {
      double x = coefficient(point);
      return new Update(DenseAlgebra.combine(operator, operator, x - 1), 0, 0);
    }

    double coefficient(Matrix point) {
      return DenseAlgebra.inner(operator, point) / DenseAlgebra.inner(operator, operator);
    }
  }

  /** Of the linear map from one (x1, x2, x3, L) to the next: lim ||T^k||^(1/k), by squaring. */
  private static double spectralRadius(Variant variant) {
    Matrix power = Matrix.zeros(6, 6);
    for (int j = 0; j < 6; j++) {
      double[] unit = new double[6];
      unit[j] = 1;
      double[] image = coordinates(variant.step(BLOCKS, iterate(unit), 1).iterate());
      for (int i = 0; i < 6; i++) {
        power.set(i, j, image[i]);
      }
    }
    double logarithm = 0;
    double exponent = 1;
    for (int k = 0; k < 40; k++) {
      double norm = Residuals.norm(power);
      logarithm += Math.log(norm) / exponent;
      Matrix unit = DenseAlgebra.combine(power, power, 1 / norm - 1);
      power = DenseAlgebra.multiply(unit, unit);
      exponent *= 2;
    }
    return Math.exp(logarithm);
  }

  private static Variant.Iterate iterate(double[] z) {
    Matrix[] images = new Matrix[3];
    for (int k = 0; k < 3; k++) {
      images[k] = DenseAlgebra.combine(OPERATORS[k], OPERATORS[k], z[k] - 1);
    }
    return new Variant.Iterate(images[0], images[1], images[2], column(z[3], z[4], z[5]));
  }

  private static double[] coordinates(Variant.Iterate z) {
    double[] dual = z.scaledDual().values();
    return new double[] {
      ((Line) BLOCKS.get(0)).coefficient(z.first()),
      ((Line) BLOCKS.get(1)).coefficient(z.second()),
      ((Line) BLOCKS.get(2)).coefficient(z.third()),
      dual[0],
      dual[1],
      dual[2]
    };
  }

  private static Matrix column(double... values) {
    return new Matrix(values.length, 1, values);
  }
}
