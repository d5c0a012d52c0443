package io.pare.algorithm.structure;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;

/**
 * One convolution of those that a component is written as, one after the other.
 *
 * @param taps positions of the layer's kernel that it reads
 * @param kernel a row for each of its outputs; column {@code q * taps + t} belongs to its input q
 *     at tap t
 */
public record Factor(Taps taps, Matrix kernel) {

  /** Outputs. */
  public int rank() {
    return kernel.rows();
  }

  /** Number of weights. */
  public long weights() {
    return kernel.values().length;
  }

  /** The same, computing some of its outputs only. */
  Factor outputs(int[] rows) {
    return new Factor(taps, kernel.rows(rows));
  }

  /**
   * The matrix of this factor behind another: {@code result[o, j T + t] = sum_q later[o, q T + t]
   * kernel[q, j]}.
   *
   * @param later what follows, n x (rank T)
   * @return n x (columns T)
   */
  Matrix before(Matrix later) {
    int rank = kernel.rows();
    if (rank == 0) {
      throw new IllegalArgumentException("a factor without outputs has no matrix");
    }
    int count = later.columns() / rank;
    if (count == 1) {
      return DenseAlgebra.multiply(later, kernel);
    }
    Matrix result = Matrix.zeros(later.rows(), Math.multiplyExact(kernel.columns(), count));
    for (int t = 0; t < count; t++) {
      Matrix tap = Matrix.zeros(later.rows(), rank);
      for (int o = 0; o < tap.rows(); o++) {
        for (int q = 0; q < rank; q++) {
          tap.set(o, q, later.at(o, q * count + t));
        }
      }
      Matrix spread = DenseAlgebra.multiply(tap, kernel);
      for (int o = 0; o < spread.rows(); o++) {
        for (int j = 0; j < spread.columns(); j++) {
          result.set(o, j * count + t, spread.at(o, j));
        }
      }
    }
    return result;
  }

  /** The factor with its outputs, and one behind it with its inputs, scaled. */
  record Pair(Factor first, Factor second) {

    /**
     * The pair with equal norms: what an output of the first is multiplied with, the weights of the
     * second that read it are divided by, so that their product stays as it is. An output that is
     * zero on either side stays as it is.
     */
    Pair balanced() {
      int rank = first.rank();
      Matrix one = first.kernel().copy();
      Matrix two = second.kernel().copy();
      for (int q = 0; q < rank; q++) {
        double before = norm(one.values(), q * one.columns(), one.columns());
        double behind = columnNorm(two, q, rank);
        if (before > 0 && behind > 0) {
          double scale = Math.sqrt(behind / before);
          for (int j = 0; j < one.columns(); j++) {
            one.set(q, j, one.at(q, j) * scale);
          }
          int count = two.columns() / rank;
          for (int i = 0; i < two.rows(); i++) {
            for (int t = 0; t < count; t++) {
              two.set(i, q * count + t, two.at(i, q * count + t) / scale);
            }
          }
        }
      }
      return new Pair(new Factor(first.taps(), one), new Factor(second.taps(), two));
    }

    private static double norm(double[] values, int first, int count) {
      double sum = 0;
      for (int k = first; k < first + count; k++) {
        sum += values[k] * values[k];
      }
      return Math.sqrt(sum);
    }

    private static double columnNorm(Matrix matrix, int unit, int units) {
      int count = matrix.columns() / units;
      double sum = 0;
      for (int i = 0; i < matrix.rows(); i++) {
        double norm = norm(matrix.values(), i * matrix.columns() + unit * count, count);
        sum += norm * norm;
      }
      return Math.sqrt(sum);
    }
  }
}
