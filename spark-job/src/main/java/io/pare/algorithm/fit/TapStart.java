package io.pare.algorithm.fit;

import io.pare.algorithm.dense.Cholesky;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;

/** Where {@link TapFit} starts. Stateless. */
final class TapStart {

  private TapStart() {}

  /**
   * The best V under the assumption that G is the same G_mean for every tap and zero between taps,
   * rows in descending order of worth: with K the columns of T of all taps stacked, the leading
   * eigenvectors Q of {@code K G_mean K^T} give {@code V = Q K}; where K has more rows than
   * columns, those of {@code L^T K^T K L} with {@code L L^T = G_mean} give {@code V = Q L^-1}.
   *
   * @param target the columns of each tap, n x m
   * @param mean G_mean, m x m, positive definite
   * @param factor of it
   * @return min(n taps, m) x m
   */
  static Matrix basis(Matrix[] target, Matrix mean, Cholesky factor) {
    int m = mean.rows();
    Matrix stacked = Matrix.zeros(target.length * target[0].rows(), m);
    for (int w = 0; w < target.length; w++) {
      double[] block = target[w].values();
      System.arraycopy(block, 0, stacked.values(), w * block.length, block.length);
    }
    if (stacked.rows() <= m) {
      Matrix weighted = DenseAlgebra.multiply(stacked, mean);
      Eigen eigen = Eigen.of(DenseAlgebra.multiplyTransposed(weighted, stacked));
      return DenseAlgebra.multiply(eigen.vectors(), stacked);
    }
    Matrix left = factor.triangle();
    Matrix product =
        DenseAlgebra.transposeMultiply(
            left, DenseAlgebra.multiply(DenseAlgebra.transposeMultiply(stacked, stacked), left));
    Matrix vectors = Eigen.of(product).vectors();
    return factor.solveRows(DenseAlgebra.multiplyTransposed(vectors, left));
  }
}
