package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import java.util.Arrays;

/**
 * The leading singular values and vectors of matrices that change little from one to the next, on
 * their smaller side: squared values, and unit vectors as rows.
 *
 * <p>Where few are wanted, one step of subspace iteration with a Rayleigh-Ritz projection from the
 * last vectors does: three products instead of a decomposition. Its error falls with every matrix
 * that is like the one before, as iterates of a method that converges are. Every tenth matrix is
 * decomposed, whatever came before, so that no error stays. Values below 1e-8 of the largest are
 * lost, which a threshold removes anyway. Not thread-safe.
 */
final class SingularSide {
  // A whole decomposition is faster for small matrices, and where most values survive.
  private static final int SMALL = 96;
  private static final int MARGIN = 8;
  private static final int STEPS = 9;
  private static final double NOTHING = 1e-12;

  private final Work work;
  private Matrix basis = Matrix.zeros(0, 0);
  private int steps;

  SingularSide(Work work) {
    this.work = work;
  }

  /** All that exceed a threshold, and usually some more. */
  Eigen above(double threshold, Matrix x) {
    int order = Math.min(x.rows(), x.columns());
    if (order <= SMALL) {
      return whole(x);
    }
    int known = basis.columns() == order ? basis.rows() : order / 4;
    if (basis.columns() == order && 4 * known < order && steps++ < STEPS) {
      Eigen near = followed(x);
      if (value(near, near.values().length - 1) <= threshold) {
        return remembered(near, threshold);
      }
    }
    steps = 0;
    return remembered(decomposed(x, threshold, known), threshold);
  }

  /** A singular value. */
  static double value(Eigen side, int k) {
    return Math.sqrt(Math.max(0, side.values()[k]));
  }

  private Eigen decomposed(Matrix x, double threshold, int known) {
    Matrix gram = gram(x);
    int order = gram.rows();
    for (int count = known + MARGIN; count < order / 2; count *= 2) {
      Eigen some = Eigen.leading(gram, count);
      work.leading(order);
      if (value(some, count - 1) <= threshold) {
        return some;
      }
    }
    work.eigen(order);
    return Eigen.of(gram);
  }

  private Eigen whole(Matrix x) {
    Matrix gram = gram(x);
    work.eigen(gram.rows());
    return Eigen.of(gram);
  }

  private Eigen remembered(Eigen side, double threshold) {
    int survivors = 0;
    while (survivors < side.values().length && value(side, survivors) > threshold) {
      survivors++;
    }
    basis = side.vectors().firstRows(Math.min(survivors + MARGIN, side.vectors().rows()));
    return side;
  }

  /** The Ritz pairs of what one multiplication with the Gram matrix makes of the last vectors. */
  private Eigen followed(Matrix x) {
    boolean wide = x.rows() <= x.columns();
    Matrix turned =
        wide
            ? DenseAlgebra.multiplyTransposed(DenseAlgebra.multiply(basis, x), x)
            : DenseAlgebra.multiply(DenseAlgebra.multiplyTransposed(basis, x), x);
    Matrix q = orthonormal(turned);
    Matrix image = wide ? DenseAlgebra.multiply(q, x) : DenseAlgebra.multiplyTransposed(q, x);
    Eigen ritz = Eigen.of(DenseAlgebra.multiplyTransposed(image, image));
    work.product(3L * basis.rows(), x.rows(), x.columns());
    return new Eigen(ritz.values(), DenseAlgebra.multiply(ritz.vectors(), q));
  }

  /** Orthonormal rows that span those of a matrix. */
  private static Matrix orthonormal(Matrix rows) {
    Eigen inner = Eigen.of(DenseAlgebra.multiplyTransposed(rows, rows));
    double least = NOTHING * inner.values()[0];
    int rank = (int) Arrays.stream(inner.values()).filter(value -> value > least).count();
    Matrix turns = inner.vectors().firstRows(rank);
    for (int k = 0; k < turns.values().length; k++) {
      turns.values()[k] /= Math.sqrt(inner.values()[k / turns.columns()]);
    }
    return DenseAlgebra.multiply(turns, rows);
  }

  /** The largest singular value. */
  double largest(Matrix x) {
    work.leading(Math.min(x.rows(), x.columns()));
    return value(Eigen.leading(gram(x), 1), 0);
  }

  private Matrix gram(Matrix x) {
    int order = Math.min(x.rows(), x.columns());
    work.product(order, Math.max(x.rows(), x.columns()), order);
    return x.rows() <= x.columns()
        ? DenseAlgebra.multiplyTransposed(x, x)
        : DenseAlgebra.transposeMultiply(x, x);
  }
}
