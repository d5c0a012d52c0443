package io.pare.algorithm.admm;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Support;
import java.util.stream.IntStream;

/**
 * The groups of entries that structured sparsity keeps or drops as a whole. All groups of one kind
 * have the same size, and every entry of an n x d matrix belongs to exactly one.
 */
enum Groups {
  /** One group an input channel: its kh kw columns. */
  CHANNELS {
    @Override
    int count(LayerShape shape) {
      return shape.inputChannels();
    }

    @Override
    void addSquares(Matrix matrix, LayerShape shape, double[] sums) {
      int taps = shape.kernelHeight() * shape.kernelWidth();
      double[] values = matrix.values();
      for (int k = 0, i = 0; i < shape.outputs(); i++) {
        for (int c = 0; c < sums.length; c++) {
          double sum = 0;
          for (int end = k + taps; k < end; k++) {
            sum += values[k] * values[k];
          }
          sums[c] += sum;
        }
      }
    }

    @Override
    Matrix scaled(Matrix matrix, LayerShape shape, double[] factors) {
      int taps = shape.kernelHeight() * shape.kernelWidth();
      Matrix result = matrix.copy();
      for (int k = 0, i = 0; i < shape.outputs(); i++) {
        for (double factor : factors) {
          for (int end = k + taps; k < end; k++) {
            result.values()[k] *= factor;
          }
        }
      }
      return result;
    }
  },

  /** One group a filter: a row. */
  FILTERS {
    @Override
    int count(LayerShape shape) {
      return shape.outputs();
    }

    @Override
    void addSquares(Matrix matrix, LayerShape shape, double[] sums) {
      for (int k = 0, i = 0; i < sums.length; i++) {
        for (int end = k + shape.columns(); k < end; k++) {
          sums[i] += matrix.values()[k] * matrix.values()[k];
        }
      }
    }

    @Override
    Matrix scaled(Matrix matrix, LayerShape shape, double[] factors) {
      Matrix result = matrix.copy();
      for (int k = 0, i = 0; i < factors.length; i++) {
        for (int end = k + shape.columns(); k < end; k++) {
          result.values()[k] *= factors[i];
        }
      }
      return result;
    }
  };

  static Groups of(Support.Kind kind) {
    return kind == Support.Kind.INPUTS ? CHANNELS : FILTERS;
  }

  /** What keeping some of them means. */
  Support.Kind kind() {
    return this == CHANNELS ? Support.Kind.INPUTS : Support.Kind.FILTERS;
  }

  /** Number of groups. */
  abstract int count(LayerShape shape);

  /** The matrix with every entry of group g multiplied by {@code factors[g]}. */
  abstract Matrix scaled(Matrix matrix, LayerShape shape, double[] factors);

  abstract void addSquares(Matrix matrix, LayerShape shape, double[] sums);

  /** Entries of one group. */
  int size(LayerShape shape) {
    return Math.toIntExact(shape.weights() / count(shape));
  }

  /** The Frobenius norm of every group of an n x d matrix. */
  double[] norms(Matrix matrix, LayerShape shape) {
    double[] sums = new double[count(shape)];
    addSquares(matrix, shape, sums);
    for (int g = 0; g < sums.length; g++) {
      sums[g] = Math.sqrt(sums[g]);
    }
    return sums;
  }

  /** The groups of an n x d matrix that are not zero. */
  Support support(Matrix matrix, LayerShape shape) {
    double[] norms = norms(matrix, shape);
    return new Support(
        kind(), IntStream.range(0, norms.length).filter(g -> norms[g] > 0).toArray());
  }
}
