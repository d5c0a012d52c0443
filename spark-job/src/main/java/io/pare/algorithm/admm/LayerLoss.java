package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;

/**
 * The loss of a layer with few columns.
 *
 * <p>One eigendecomposition of G serves every penalty, at two products with d x d matrices an
 * update. Once a penalty has been used often enough to pay for it (d / n times), the inverse is
 * formed and one product is left. Not thread-safe.
 */
final class LayerLoss extends Loss {
  private final Eigen eigen;
  private final Work work;
  private double penaltyInUse = Double.NaN;
  private int uses;
  private Matrix inverse = Matrix.zeros(0, 0);

  LayerLoss(Regression regression, Work work) {
    super(regression);
    this.work = work;
    eigen = Eigen.of(gram());
    work.eigen(gram().rows());
    if (!(smallestEigenvalue() > 0)) {
      throw new ArithmeticException(
          "the Gram matrix has the eigenvalue " + smallestEigenvalue() + ": it needs a ridge");
    }
  }

  @Override
  double largestEigenvalue() {
    return eigen.values()[0];
  }

  @Override
  double smallestEigenvalue() {
    return eigen.values()[eigen.values().length - 1];
  }

  @Override
  int balancingInterval() {
    return 1;
  }

  @Override
  Matrix resolve(Matrix right, double penalty) {
    int d = right.columns();
    if (penalty != penaltyInUse) {
      penaltyInUse = penalty;
      uses = 0;
      inverse = Matrix.zeros(0, 0);
    }
    if (inverse.rows() == 0 && (long) uses++ * right.rows() > d) {
      inverse = DenseAlgebra.transposeMultiply(eigen.vectors(), divided(penalty));
      work.product(d, d, d);
    }
    work.product(right.rows(), d, d);
    if (inverse.rows() > 0) {
      return DenseAlgebra.multiply(right, inverse);
    }
    work.product(right.rows(), d, d);
    Matrix rotated = DenseAlgebra.multiplyTransposed(right, eigen.vectors());
    for (int k = 0; k < rotated.values().length; k++) {
      rotated.values()[k] /= eigen.values()[k % d] + penalty;
    }
    return DenseAlgebra.multiply(rotated, eigen.vectors());
  }

  private Matrix divided(double penalty) {
    Matrix rows = eigen.vectors().copy();
    int d = rows.columns();
    for (int k = 0; k < rows.values().length; k++) {
      rows.values()[k] /= eigen.values()[k / d] + penalty;
    }
    return rows;
  }
}
