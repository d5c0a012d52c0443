package io.pare.algorithm.admm;

import static io.pare.algorithm.admm.SmallProblems.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SingularSideTest {
  private static final double THRESHOLD = 30;

  @ParameterizedTest
  @CsvSource({"200, 260", "260, 200", "200, 200"})
  void whatIsFollowedComesToTheSingularValuesOfMatricesThatSettle(int rows, int columns) {
    Work work = SmallProblems.unlimited();
    SingularSide side = new SingularSide(work);
    Matrix limit = decaying(rows, columns);
    double decomposed = 0;
    for (int k = 0; k < 8; k++) {
      Matrix x = DenseAlgebra.combine(limit, normal(rows, columns, 5), Math.pow(0.3, k));
      double before = work.spent();
      Eigen found = side.above(THRESHOLD, x);
      decomposed = k == 0 ? work.spent() : decomposed;
      if (k == 7) {
        assertThat(work.spent() - before).isLessThan(decomposed / 3);
        Eigen exact = exact(x);
        assertThat(survivors(found)).isEqualTo(survivors(exact)).isBetween(5, 30);
        for (int i = 0; i < survivors(exact); i++) {
          assertThat(SingularSide.value(found, i))
              .isCloseTo(SingularSide.value(exact, i), within(1e-3 * THRESHOLD));
        }
        Matrix inner = DenseAlgebra.multiplyTransposed(found.vectors(), found.vectors());
        for (int i = 0; i < inner.rows(); i++) {
          assertThat(inner.at(i, i)).isCloseTo(1, within(1e-9));
          assertThat(inner.at(i, 0)).isCloseTo(i == 0 ? 1 : 0, within(1e-9));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"200, 260", "260, 200"})
  void noSurvivorIsMissedWhereManyMoreComeUp(int rows, int columns) {
    SingularSide side = new SingularSide(SmallProblems.unlimited());
    Matrix x = decaying(rows, columns);
    int few = survivors(side.above(THRESHOLD, x));
    Eigen found = side.above(THRESHOLD, DenseAlgebra.combine(x, x, 4));
    Eigen exact = exact(DenseAlgebra.combine(x, x, 4));

    assertThat(survivors(found)).isEqualTo(survivors(exact)).isGreaterThan(few + 8);
  }

  private static int survivors(Eigen side) {
    int count = 0;
    while (count < side.values().length && SingularSide.value(side, count) > THRESHOLD) {
      count++;
    }
    return count;
  }

  private static Eigen exact(Matrix x) {
    return Eigen.of(
        x.rows() <= x.columns()
            ? DenseAlgebra.multiplyTransposed(x, x)
            : DenseAlgebra.transposeMultiply(x, x));
  }

  /** Singular values that fall by a seventh from one to the next. */
  private static Matrix decaying(int rows, int columns) {
    Matrix left = exact(normal(rows, rows, 1)).vectors();
    Matrix scaled = normal(60, columns, 2);
    Matrix middle = Matrix.zeros(rows, columns);
    for (int k = 0; k < 60; k++) {
      double factor = 10 * Math.pow(6.0 / 7, k);
      for (int j = 0; j < columns; j++) {
        middle.set(k, j, factor * scaled.at(k, j));
      }
    }
    return DenseAlgebra.multiply(left, middle);
  }
}
