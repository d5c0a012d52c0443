package io.pare.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Samples;
import java.util.SplittableRandom;

/** Seeded matrices and samples, and how close two matrices are. */
public final class Matrices {
  private Matrices() {}

  /** Independent entries of the standard normal distribution. */
  public static Matrix normal(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix matrix = Matrix.zeros(rows, columns);
    for (int k = 0; k < rows * columns; k++) {
      matrix.values()[k] = random.nextGaussian();
    }
    return matrix;
  }

  /** Ones on the diagonal. */
  public static Matrix identity(int order) {
    Matrix matrix = Matrix.zeros(order, order);
    for (int k = 0; k < order; k++) {
      matrix.set(k, k, 1);
    }
    return matrix;
  }

  /** Symmetric, with eigenvalues of at least one. */
  public static Matrix definite(int order, long seed) {
    Matrix root = normal(order, order, seed);
    return DenseAlgebra.combine(product(root, root.transposed()), identity(order), 1);
  }

  /** a b by its definition, entry by entry. */
  public static Matrix product(Matrix a, Matrix b) {
    Matrix product = Matrix.zeros(a.rows(), b.columns());
    for (int i = 0; i < a.rows(); i++) {
      for (int j = 0; j < b.columns(); j++) {
        double sum = 0;
        for (int k = 0; k < a.columns(); k++) {
          sum += a.at(i, k) * b.at(k, j);
        }
        product.set(i, j, sum);
      }
    }
    return product;
  }

  /** Samples with a mean and a covariance far from the identity, as activations have. */
  public static Samples correlated(int rows, int columns, long seed) {
    Matrix mixing = normal(columns, columns, seed);
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j < columns; j++) {
        mixing.set(i, j, mixing.at(i, j) / (1 + i));
      }
    }
    float[] values = DenseAlgebra.multiply(normal(rows, columns, seed + 1), mixing).floats();
    for (int k = 0; k < values.length; k++) {
      values[k] += 0.5f + k % columns * 0.1f;
    }
    return new Samples(rows, columns, values);
  }

  /** Fails unless both have one shape and no entry differs by more than the tolerance. */
  public static void assertClose(Matrix actual, Matrix expected, double tolerance) {
    assertThat(actual.rows()).isEqualTo(expected.rows());
    assertThat(actual.columns()).isEqualTo(expected.columns());
    assertThat(actual.values()).containsExactly(expected.values(), within(tolerance));
  }

  /** The Frobenius norm. */
  public static double norm(Matrix matrix) {
    return Math.sqrt(DenseAlgebra.inner(matrix, matrix));
  }
}
