package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;

/**
 * {@code l(M) = 1/2 tr(M G M^T) - tr(C M^T)}, seen through the image -M: the constraint is A + B -
 * M = 0. The proximal map is {@code M = (C - penalty point)(G + penalty I)^-1}.
 *
 * <p>One eigendecomposition of G serves every penalty, at two products with d x d matrices an
 * update. Once a penalty has been used often enough to pay for it (d / n times), the inverse is
 * formed and one product is left. Not thread-safe.
 */
final class LayerLoss implements Block {
  private final Matrix gram;
  private final Matrix cross;
  private final Eigen eigen;
  private double penaltyInUse = Double.NaN;
  private int uses;
  private Matrix inverse = Matrix.zeros(0, 0);

  LayerLoss(Regression regression) {
    gram = regression.gram();
    cross = DenseAlgebra.requireFinite(regression.cross(), "cross moments");
    eigen = Eigen.of(gram);
    if (!(smallestEigenvalue() > 0)) {
      throw new ArithmeticException(
          "the Gram matrix has the eigenvalue " + smallestEigenvalue() + ": it needs a ridge");
    }
  }

  double largestEigenvalue() {
    return eigen.values()[0];
  }

  double smallestEigenvalue() {
    return eigen.values()[eigen.values().length - 1];
  }

  @Override
  public Update nearest(Matrix point, double penalty) {
    Matrix right = DenseAlgebra.combine(cross, point, -penalty);
    Matrix m = resolve(right, penalty);
    double value = 0;
    double[] image = new double[m.values().length];
    for (int k = 0; k < image.length; k++) {
      double entry = m.values()[k];
      // M G = right - penalty M: the loss needs no product of its own.
      value += entry * (0.5 * (right.values()[k] - penalty * entry) - cross.values()[k]);
      image[k] = -entry;
    }
    return new Update(new Matrix(m.rows(), m.columns(), image), value, 0);
  }

  /** l(M) from its definition. */
  double value(Matrix m) {
    return 0.5 * DenseAlgebra.inner(DenseAlgebra.multiply(m, gram), m)
        - DenseAlgebra.inner(cross, m);
  }

  private Matrix resolve(Matrix right, double penalty) {
    if (penalty != penaltyInUse) {
      penaltyInUse = penalty;
      uses = 0;
      inverse = Matrix.zeros(0, 0);
    }
    if (inverse.rows() == 0 && (long) uses++ * right.rows() > gram.rows()) {
      inverse = DenseAlgebra.transposeMultiply(eigen.vectors(), divided(penalty));
    }
    if (inverse.rows() > 0) {
      return DenseAlgebra.multiply(right, inverse);
    }
    Matrix rotated = DenseAlgebra.multiplyTransposed(right, eigen.vectors());
    int d = rotated.columns();
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
