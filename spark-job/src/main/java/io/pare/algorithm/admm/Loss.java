package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;

/**
 * {@code l(M) = 1/2 tr(M G M^T) - tr(C M^T)}, seen through the image -M: the constraint is A + B -
 * M = 0. The proximal map is {@code M = (C - penalty point)(G + penalty I)^-1}. Not thread-safe.
 */
abstract class Loss implements Block {
  // An eigendecomposition of a larger G takes as long as hundreds of iterations.
  private static final int EIGEN_COLUMNS = 1024;

  private final Matrix gram;
  private final Matrix cross;

  Loss(Regression regression) {
    gram = regression.gram();
    cross = DenseAlgebra.requireFinite(regression.cross(), "cross moments");
  }

  /** The loss of a problem: eigenvectors serve every penalty where they are cheap. */
  static Loss of(Regression regression, Work work) {
    return regression.shape().columns() <= EIGEN_COLUMNS
        ? new LayerLoss(regression, work)
        : new FactoredLoss(regression, work);
  }

  /** An upper bound of the interval of useful penalties: the largest eigenvalue of G. */
  abstract double largestEigenvalue();

  /** A lower bound of it: the smallest eigenvalue of G, or what the ridge says of it. */
  abstract double smallestEigenvalue();

  /** {@code right (G + penalty I)^-1}. */
  abstract Matrix resolve(Matrix right, double penalty);

  /** Iterations after which a change of the penalty pays for what it costs. */
  abstract int balancingInterval();

  final Matrix gram() {
    return gram;
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
}
