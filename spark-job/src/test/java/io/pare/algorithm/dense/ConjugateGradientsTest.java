package io.pare.algorithm.dense;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.testing.Matrices;
import org.junit.jupiter.api.Test;

class ConjugateGradientsTest {
  private static final int ORDER = 60;

  /** G of columns of very different sizes, with a ridge. */
  private static Matrix gram() {
    Matrix x = normal(40, ORDER, 1);
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < ORDER; j++) {
        x.set(i, j, x.at(i, j) * Math.pow(10, j % 4 - 2));
      }
    }
    Matrix gram = DenseAlgebra.transposeMultiply(x, x);
    for (int j = 0; j < ORDER; j++) {
      gram.set(j, j, 1.01 * gram.at(j, j));
    }
    return gram;
  }

  private static double[] diagonal(Matrix gram) {
    double[] diagonal = new double[ORDER];
    for (int j = 0; j < ORDER; j++) {
      diagonal[j] = gram.at(j, j);
    }
    return diagonal;
  }

  private static ConjugateGradients of(Matrix gram) {
    return new ConjugateGradients(rows -> DenseAlgebra.multiply(rows, gram), diagonal(gram));
  }

  @Test
  void theSolutionIsThatOfAFactorisation() {
    Matrix gram = gram();
    Matrix right = normal(7, ORDER, 2);
    Matrix expected = new Cholesky(gram).solveRows(right);

    ConjugateGradients.Solution solution = of(gram).solve(right, Matrix.zeros(7, ORDER));

    assertThat(solution.isConverged()).isTrue();
    assertThat(solution.steps()).isBetween(5, 150);
    assertThat(Matrices.norm(DenseAlgebra.subtract(solution.rows(), expected)))
        .isLessThan(1e-3 * Matrices.norm(expected));
  }

  @Test
  void aStartThatIsTheSolutionTakesNoStep() {
    Matrix gram = gram();
    Matrix wanted = normal(3, ORDER, 4);

    ConjugateGradients.Solution solution =
        of(gram).solve(DenseAlgebra.multiply(wanted, gram), wanted);

    assertThat(solution.steps()).isZero();
    assertThat(solution.rows()).isEqualTo(wanted);
  }

  @Test
  void aRowOfZerosIsSolvedBesideOthers() {
    Matrix gram = gram();
    Matrix right = normal(2, ORDER, 5);
    java.util.Arrays.fill(right.values(), 0, ORDER, 0);

    ConjugateGradients.Solution solution = of(gram).solve(right, Matrix.zeros(2, ORDER));

    assertThat(solution.isConverged()).isTrue();
    assertThat(solution.rows().firstRows(1)).isEqualTo(Matrix.zeros(1, ORDER));
  }

  @Test
  void aMatrixThatIsNotDefiniteIsRefused() {
    ConjugateGradients gradients =
        new ConjugateGradients(
            rows -> DenseAlgebra.combine(Matrix.zeros(rows.rows(), ORDER), rows, -1),
            diagonal(Matrix.identity(ORDER)));
    assertThatThrownBy(() -> gradients.solve(normal(1, ORDER, 6), Matrix.zeros(1, ORDER)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("not positive definite");
  }
}
