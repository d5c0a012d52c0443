package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.LayerShape;

/**
 * {@code lambda2 ||B||_*} of one matricisation. Its proximal map lowers every singular value by
 * {@code lambda2 / penalty}, or to zero (Cai, Candes and Shen 2010).
 *
 * <p>With X = P S Q^T the result is {@code P (1 - threshold / S)_+ P^T X}: an eigendecomposition of
 * the Gram matrix of X's smaller side is enough. It loses the singular values below 1e-8 of the
 * largest, which a threshold removes anyway. Immutable.
 */
record NuclearPenalty(Matricisation matricisation, LayerShape shape, double lambda)
    implements Block {

  @Override
  public Update nearest(Matrix point, double penalty) {
    Matrix x = matricisation.unfold(point, shape);
    Side side = Side.of(x);
    double threshold = lambda / penalty;
    double[] values = side.singularValues();
    int rank = 0;
    double sum = 0;
    while (rank < values.length && values[rank] > threshold) {
      sum += values[rank++] - threshold;
    }
    Matrix kept = leading(side.vectors(), rank);
    Matrix shrunken = kept.copy();
    for (int i = 0; i < rank; i++) {
      double factor = 1 - threshold / values[i];
      for (int j = 0; j < kept.columns(); j++) {
        shrunken.set(i, j, factor * kept.at(i, j));
      }
    }
    Matrix result =
        x.rows() <= x.columns()
            ? DenseAlgebra.transposeMultiply(shrunken, DenseAlgebra.multiply(kept, x))
            : DenseAlgebra.multiply(DenseAlgebra.multiplyTransposed(x, kept), shrunken);
    return new Update(matricisation.fold(result, shape), lambda * sum, rank);
  }

  /** The singular values of the rearranged matrix, descending. */
  static double[] singularValues(Matricisation matricisation, LayerShape shape, Matrix matrix) {
    return Side.of(matricisation.unfold(matrix, shape)).singularValues();
  }

  private static Matrix leading(Matrix vectors, int rank) {
    double[] values = new double[rank * vectors.columns()];
    System.arraycopy(vectors.values(), 0, values, 0, values.length);
    return new Matrix(rank, vectors.columns(), values);
  }

  /** Singular values and the singular vectors of the smaller side, as rows. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Side(double[] singularValues, Matrix vectors) {
    static Side of(Matrix x) {
      Matrix gram =
          x.rows() <= x.columns()
              ? DenseAlgebra.multiplyTransposed(x, x)
              : DenseAlgebra.transposeMultiply(x, x);
      Eigen eigen = Eigen.of(gram);
      double[] values = eigen.values().clone();
      for (int k = 0; k < values.length; k++) {
        values[k] = Math.sqrt(Math.max(0, values[k]));
      }
      return new Side(values, eigen.vectors());
    }
  }
}
