package io.pare.algorithm.dense;

import static io.pare.testing.Matrices.assertClose;
import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.testing.Matrices;
import org.junit.jupiter.api.Test;

public class DenseAlgebraTest {
  private final Matrix a = normal(5, 7, 1);
  private final Matrix b = normal(7, 3, 2);

  @Test
  void productsAgreeWithTheirDefinition() {
    Matrix product = DenseAlgebra.multiply(a, b);
    double expected = 0;
    for (int k = 0; k < 7; k++) {
      expected += a.at(4, k) * b.at(k, 2);
    }
    assertThat(product.at(4, 2)).isCloseTo(expected, within(1e-12));
    assertClose(DenseAlgebra.multiplyTransposed(a, b.transposed()), product, 1e-12);
    assertClose(DenseAlgebra.transposeMultiply(a.transposed(), b), product, 1e-12);
  }

  @Test
  void singlePrecisionProductsAddToTheAccumulator() {
    float[] x = a.floats();
    double[] gram = new double[49];
    gram[3] = 100;
    DenseAlgebra.addGram(x, 5, 7, gram);
    DenseAlgebra.mirror(gram, 7);
    Matrix expected = DenseAlgebra.transposeMultiply(a, a);
    expected.set(0, 3, expected.at(0, 3) + 100);
    expected.set(3, 0, expected.at(3, 0) + 100);
    assertClose(new Matrix(7, 7, gram), expected, 1e-5);

    Matrix u = normal(5, 4, 3);
    double[] cross = new double[28];
    DenseAlgebra.addCross(u.floats(), x, 5, 4, 7, cross);
    assertClose(new Matrix(4, 7, cross), DenseAlgebra.transposeMultiply(u, a), 1e-5);

    float[] product = DenseAlgebra.multiplyTransposed(x, b.transposed().floats(), 5, 3, 7);
    Matrix exact = DenseAlgebra.multiply(a, b);
    for (int k = 0; k < product.length; k++) {
      assertThat((double) product[k]).isCloseTo(exact.values()[k], within(1e-5));
    }
  }

  @Test
  void matricesBeyondTheSizeOfAKernelsBlockAreFactoredAndInvertedOnAnyProcessor() {
    int order = 300;
    Matrix x = normal(order + 50, order, 4);
    Matrix definite = DenseAlgebra.transposeMultiply(x, x);
    Matrix right = normal(3, order, 5);
    Matrix solution = new Cholesky(definite).solveRows(right);
    assertClose(DenseAlgebra.multiply(solution, definite), right, 1e-9);
    Matrix identity = DenseAlgebra.multiply(new Cholesky(definite).inverse(), definite);
    assertClose(identity, Matrix.identity(order), 1e-8);
  }

  @Test
  void noSamplesGiveAnEmptyProduct() {
    assertThat(DenseAlgebra.multiplyTransposed(new float[0], b.floats(), 0, 7, 3)).isEmpty();
  }

  @Test
  void noSamplesAndOneSampleAddTheirProducts() {
    double[] gram = new double[4];
    double[] cross = new double[6];

    DenseAlgebra.addGram(new float[0], 0, 2, gram);
    DenseAlgebra.addCross(new float[0], new float[0], 0, 3, 2, cross);

    assertThat(gram).containsOnly(0);
    assertThat(cross).containsOnly(0);

    DenseAlgebra.addGram(new float[] {3, 5}, 1, 2, gram);
    DenseAlgebra.mirror(gram, 2);
    DenseAlgebra.addCross(new float[] {1, 2, 4}, new float[] {3, 5}, 1, 3, 2, cross);

    assertThat(gram).containsExactly(9, 15, 15, 25);
    assertThat(cross).containsExactly(3, 5, 6, 10, 12, 20);
  }

  @Test
  void choleskySolvesRowByRow() {
    Matrix definite = DenseAlgebra.transposeMultiply(b, b);
    Matrix x = new Cholesky(definite).solveRows(b);
    assertClose(DenseAlgebra.multiply(x, definite), b, 1e-9);
  }

  @Test
  void aFactorThatIsNotThatOfTheMatrixIsFound() {
    Matrix uneven = Matrices.definite(40, 3);
    uneven.set(5, 30, uneven.at(5, 30) + 1e-3); // LAPACK reads one triangle alone
    assertThatThrownBy(() -> new Cholesky(uneven))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the factor of a 40 x 40 matrix is off by");
  }

  @Test
  void notFiniteOrNotDefiniteInputIsRefused() {
    Matrix poisoned = DenseAlgebra.transposeMultiply(b, b);
    poisoned.set(1, 1, Double.NaN);
    assertThatThrownBy(() -> new Cholesky(poisoned))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("not finite");
    assertThatThrownBy(() -> new Cholesky(Matrix.zeros(2, 2)))
        .hasMessageContaining("not positive definite");
    assertThatThrownBy(() -> DenseAlgebra.multiply(a, a)).hasMessageContaining("inner dimensions");
  }
}
