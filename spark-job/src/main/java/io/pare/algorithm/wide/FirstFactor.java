package io.pare.algorithm.wide;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.Samples;
import java.util.Iterator;

/**
 * The factor of a fit in the sample space that reads the inputs: {@code U^T W + A X}, with X the
 * samples of the fit less their mean. It is the only part that has the length of the inputs, and is
 * put together some columns and some samples at a time.
 *
 * @param values r x d, finite
 * @param mean of the samples, d entries
 */
@SuppressWarnings("ArrayRecordComponent")
record FirstFactor(Matrix values, double[] mean) {
  /** Columns of W that are copied to double precision at once. */
  private static final int SLICE = 4096;

  /**
   * Puts the factor together.
   *
   * @param factor U^T W, r x d: given up
   * @param coefficients A, r x N
   * @param blocks a walk over the N samples of the fit
   */
  static FirstFactor of(Matrix factor, Matrix coefficients, Iterator<PairedBlock> blocks) {
    double[] mean = addSamples(factor, coefficients, blocks);
    return new FirstFactor(
        DenseAlgebra.requireFinite(factor, "first factor of a wide layer"), mean);
  }

  /** What it makes of the mean, r entries. */
  double[] onMean() {
    double[] products = new double[values.rows()];
    for (int q = 0; q < products.length; q++) {
      for (int j = 0; j < mean.length; j++) {
        products[q] += values.at(q, j) * mean[j];
      }
    }
    return products;
  }

  /**
   * {@code U^T W}.
   *
   * @param leading U^T, r x n
   * @param weights W, n x d
   */
  static Matrix ofWeights(Matrix leading, Samples weights) {
    int columns = weights.columns();
    Matrix factor = Matrix.zeros(leading.rows(), columns);
    for (int from = 0; from < columns; from += SLICE) {
      int width = Math.min(SLICE, columns - from);
      Matrix part = DenseAlgebra.multiply(leading, matrix(weights.columns(from, width)));
      for (int i = 0; i < factor.rows(); i++) {
        System.arraycopy(part.values(), i * width, factor.values(), i * columns + from, width);
      }
    }
    return factor;
  }

  /** Adds what the centred samples give; returns their mean. */
  private static double[] addSamples(
      Matrix factor, Matrix coefficients, Iterator<PairedBlock> blocks) {
    double[] mean = new double[factor.columns()];
    int row = 0;
    Iterator<PairedBlock> walk = PairedBlock.chunks(blocks);
    while (walk.hasNext()) {
      Samples samples = walk.next().inputs().fit();
      Matrix its = coefficients.columnsFrom(row, samples.rows());
      Matrix part = DenseAlgebra.multiply(its, matrix(samples));
      for (int k = 0; k < part.values().length; k++) {
        factor.values()[k] += part.values()[k];
      }
      for (int k = 0; k < samples.values().length; k++) {
        mean[k % mean.length] += samples.values()[k];
      }
      row += samples.rows();
    }
    for (int j = 0; j < mean.length; j++) {
      mean[j] /= coefficients.columns();
    }
    for (int i = 0; i < factor.rows(); i++) {
      double all = 0;
      for (int k = 0; k < coefficients.columns(); k++) {
        all += coefficients.at(i, k);
      }
      for (int j = 0; j < mean.length; j++) {
        factor.set(i, j, factor.at(i, j) - all * mean[j]);
      }
    }
    return mean;
  }

  private static Matrix matrix(Samples samples) {
    return Matrix.of(samples.rows(), samples.columns(), samples.values());
  }
}
