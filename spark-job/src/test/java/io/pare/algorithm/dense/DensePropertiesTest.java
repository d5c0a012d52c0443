package io.pare.algorithm.dense;

import static io.pare.testing.Matrices.assertClose;
import static io.pare.testing.Matrices.definite;
import static io.pare.testing.Matrices.identity;
import static io.pare.testing.Matrices.normal;
import static io.pare.testing.Matrices.product;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products and factorisations of any shape, against sums written out. */
class DensePropertiesTest {

  @Property(tries = 60, seed = "1")
  void everyProductIsTheOneByDefinition(
      @ForAll @IntRange(min = 0, max = 12) int rows,
      @ForAll @IntRange(min = 0, max = 12) int inner,
      @ForAll @IntRange(min = 0, max = 12) int columns,
      @ForAll long seed) {
    Matrix a = normal(rows, inner, seed);
    Matrix b = normal(inner, columns, seed + 1);
    Matrix expected = product(a, b);
    assertClose(DenseAlgebra.multiply(a, b), expected, 1e-12);
    assertClose(DenseAlgebra.multiplyTransposed(a, b.transposed()), expected, 1e-12);
    assertClose(DenseAlgebra.transposeMultiply(a.transposed(), b), expected, 1e-12);
  }

  @Property(tries = 40, seed = "2")
  void aResidentMatrixMultipliesAsAnyOther(
      @ForAll @IntRange(min = 1, max = 12) int rows,
      @ForAll @IntRange(min = 1, max = 12) int inner,
      @ForAll @IntRange(min = 1, max = 12) int columns,
      @ForAll long seed) {
    Matrix b = normal(inner, columns, seed);
    try (DenseAlgebra.Resident resident = new DenseAlgebra.Resident(b)) {
      for (int use = 0; use < 2; use++) {
        Matrix a = normal(rows, inner, seed + 1 + use);
        assertClose(resident.multiplied(a), product(a, b), 1e-12);
      }
    }
  }

  @Property(tries = 60, seed = "3")
  void singlePrecisionProductsAreThoseOfDoublesToRounding(
      @ForAll @IntRange(min = 0, max = 12) int rows,
      @ForAll @IntRange(min = 0, max = 12) int columns,
      @ForAll @IntRange(min = 1, max = 30) int inner,
      @ForAll long seed) {
    float[] a = normal(rows, inner, seed).floats();
    float[] b = normal(columns, inner, seed + 1).floats();
    float[] actual = DenseAlgebra.multiplyTransposed(a, b, rows, columns, inner);
    Matrix expected = product(Matrix.of(rows, inner, a), Matrix.of(columns, inner, b).transposed());
    assertClose(Matrix.of(rows, columns, actual), expected, 1e-4);
  }

  @Property(tries = 40, seed = "4")
  void blocksOfSamplesAddUpToTheirGramAndCrossProducts(
      @ForAll @IntRange(min = 1, max = 8) int d,
      @ForAll @IntRange(min = 1, max = 8) int n,
      @ForAll @IntRange(min = 0, max = 9) int first,
      @ForAll @IntRange(min = 1, max = 9) int second,
      @ForAll long seed) {
    double[] gram = new double[d * d];
    double[] cross = new double[n * d];
    Matrix expectedGram = Matrix.zeros(d, d);
    Matrix expectedCross = Matrix.zeros(n, d);
    for (int rows : new int[] {first, second}) {
      float[] x = normal(rows, d, seed + rows).floats();
      float[] u = normal(rows, n, seed - rows).floats();
      DenseAlgebra.addGram(x, rows, d, gram);
      DenseAlgebra.addCross(u, x, rows, n, d, cross);
      Matrix exactX = Matrix.of(rows, d, x);
      Matrix exactU = Matrix.of(rows, n, u);
      expectedGram = DenseAlgebra.combine(expectedGram, product(exactX.transposed(), exactX), 1);
      expectedCross = DenseAlgebra.combine(expectedCross, product(exactU.transposed(), exactX), 1);
    }
    DenseAlgebra.mirror(gram, d);
    assertClose(new Matrix(d, d, gram), expectedGram, 1e-4);
    assertClose(new Matrix(n, d, cross), expectedCross, 1e-4);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 63, 64, 65, 128, 150})
  void mirroringCompletesTheLowerTriangleOfAnyOrder(int order) {
    Matrix matrix = normal(order, order, order);
    Matrix mirrored = matrix.copy();
    DenseAlgebra.mirror(mirrored.values(), order);
    for (int i = 0; i < order; i++) {
      for (int j = 0; j < order; j++) {
        assertThat(mirrored.at(i, j)).isEqualTo(matrix.at(Math.min(i, j), Math.max(i, j)));
      }
    }
  }

  @Property(tries = 40, seed = "5")
  void theInverseAndTheSolutionMeetTheirDefinition(
      @ForAll @IntRange(min = 1, max = 20) int order,
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll long seed) {
    Matrix definite = definite(order, seed);
    Matrix untouched = definite.copy();
    Matrix right = normal(rows, order, seed + 1);
    Cholesky factor = new Cholesky(definite);
    Matrix triangle = factor.triangle();
    assertClose(product(triangle, triangle.transposed()), definite, 1e-9);

    Matrix inverse = factor.inverse();
    assertClose(product(inverse, definite), identity(order), 1e-9);
    assertThat(inverse.transposed()).isEqualTo(inverse);
    // Used again, after the inverse has overwritten a copy of the factor.
    assertClose(product(factor.solveRows(right), definite), right, 1e-9);
    assertThat(factor.inverse()).isEqualTo(inverse);
    assertThat(definite).isEqualTo(untouched);
  }

  @Test
  void anIndefiniteMatrixIsRefusedAtThePivotThatShowsIt() {
    Matrix indefinite = identity(4);
    indefinite.set(2, 2, -1);
    assertThatThrownBy(() -> new Cholesky(indefinite))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("a 4 x 4 Gram matrix is not positive definite: pivot 3");
  }

  @Property(tries = 40, seed = "6")
  void combinationsAndInnerProductsAreEntryByEntry(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll long seed) {
    Matrix a = normal(rows, columns, seed);
    Matrix b = normal(rows, columns, seed + 1);
    Matrix sum = DenseAlgebra.combine(a, b, -2.5);
    Matrix difference = DenseAlgebra.subtract(a, b);
    double trace = 0;
    Matrix outer = product(a, b.transposed());
    for (int i = 0; i < rows; i++) {
      trace += outer.at(i, i);
      for (int j = 0; j < columns; j++) {
        assertThat(sum.at(i, j)).isEqualTo(a.at(i, j) - 2.5 * b.at(i, j));
        assertThat(difference.at(i, j)).isEqualTo(a.at(i, j) - b.at(i, j));
      }
    }
    assertThat(DenseAlgebra.inner(a, b)).isCloseTo(trace, within(1e-12));
  }

  @Property(tries = 40, seed = "7")
  void everyEigenpairMeetsItsEquation(
      @ForAll @IntRange(min = 1, max = 20) int order,
      @ForAll @IntRange(min = 1, max = 20) int count,
      @ForAll long seed) {
    Matrix symmetric = normal(order, order, seed).symmetricPart();
    Eigen all = Eigen.of(symmetric);
    Eigen leading = Eigen.leading(symmetric, count);
    assertThat(leading.values()).hasSize(Math.min(count, order));
    double trace = 0;
    for (int i = 0; i < order; i++) {
      trace += symmetric.at(i, i) - all.values()[i];
    }
    assertThat(trace).isCloseTo(0, within(1e-10));
    for (Eigen eigen : new Eigen[] {all, leading}) {
      Matrix image = product(eigen.vectors(), symmetric);
      for (int k = 0; k < eigen.values().length; k++) {
        assertThat(eigen.values()[k]).isCloseTo(all.values()[k], within(1e-10));
        for (int j = 0; j < order; j++) {
          assertThat(image.at(k, j))
              .isCloseTo(eigen.values()[k] * eigen.vectors().at(k, j), within(1e-10));
        }
      }
    }
  }
}
