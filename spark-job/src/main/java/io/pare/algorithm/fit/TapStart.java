package io.pare.algorithm.fit;

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
   * columns, those of {@code S K^T K S}, S the symmetric square root of G_mean, give {@code V = Q
   * S^-1}.
   *
   * @param target the columns of each tap, n x m
   * @param mean G_mean, m x m, positive definite
   * @return min(n taps, m) x m
   */
  static Matrix basis(Matrix[] target, Matrix mean) {
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
    Eigen metric = Eigen.of(mean);
    Matrix root = power(metric, 0.5);
    Matrix product =
        DenseAlgebra.multiply(
            root, DenseAlgebra.multiply(DenseAlgebra.transposeMultiply(stacked, stacked), root));
    return DenseAlgebra.multiply(Eigen.of(product).vectors(), power(metric, -0.5));
  }

  private static Matrix power(Eigen eigen, double exponent) {
    double floor = Math.max(eigen.values()[0] * 1e-12, Double.MIN_NORMAL);
    Matrix scaled = eigen.vectors().copy();
    for (int i = 0; i < scaled.rows(); i++) {
      double factor = Math.pow(Math.max(eigen.values()[i], floor), exponent);
      for (int j = 0; j < scaled.columns(); j++) {
        scaled.values()[i * scaled.columns() + j] *= factor;
      }
    }
    return DenseAlgebra.transposeMultiply(eigen.vectors(), scaled);
  }
}
