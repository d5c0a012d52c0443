package io.pare.algorithm.admm;

import io.pare.algorithm.dense.Cholesky;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import java.util.Arrays;

/**
 * {@code l(M) = 1/2 tr(M G M^T) - tr(C M^T)}, seen through the image -M: the constraint is A + B -
 * M = 0. The proximal map is {@code M = (C - penalty point)(G + penalty I)^-1}.
 *
 * <p>{@code G + penalty I} is factored and inverted once for a penalty, in double precision; an
 * update is then one product, of wide layers in single precision. Not thread-safe.
 */
final class LayerLoss implements Block {
  // Narrower ones can afford the last digits.
  private static final int SINGLE_COLUMNS = 512;
  private static final int POWER_STEPS = 20;

  private final Matrix gram;
  private final Matrix cross;
  private final Work work;
  private final double largest;
  private final double smallest;
  private double penaltyInUse = Double.NaN;
  private Inverse inverse = right -> right;

  LayerLoss(Regression regression, Work work) {
    gram = regression.gram();
    cross = DenseAlgebra.requireFinite(regression.cross(), "cross moments");
    this.work = work;
    largest = largest(gram);
    // Without a ridge the metric is that of the entries: G = I.
    smallest = regression.ridge() > 0 ? regression.ridge() : largest;
  }

  /** {@code right (G + penalty I)^-1}. */
  private interface Inverse {
    Matrix times(Matrix right);
  }

  /** The geometric mean of the bounds of G's eigenvalues. */
  double startingPenalty() {
    return Math.sqrt(largest * smallest);
  }

  /** The penalties that a solution which starts with this one may come to. */
  Splitting.PenaltyRange range(double penalty) {
    return new Splitting.PenaltyRange(Math.min(penalty, smallest), Math.max(penalty, largest));
  }

  @Override
  public Update nearest(Matrix point, double penalty) {
    if (penalty != penaltyInUse) {
      factor(penalty);
    }
    Matrix right = DenseAlgebra.combine(cross, point, -penalty);
    Matrix m = inverse.times(right);
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

  private void factor(double penalty) {
    int d = gram.rows();
    work.inverse(d);
    penaltyInUse = penalty;
    inverse = right -> right; // the old one need not lie beside the new one
    if (d < SINGLE_COLUMNS) {
      Matrix shifted = gram.copy();
      for (int k = 0; k < d; k++) {
        shifted.values()[k * d + k] += penalty;
      }
      Matrix values = new Cholesky(shifted).inverse();
      inverse =
          right -> {
            work.product(right.rows(), d, d);
            return DenseAlgebra.multiply(right, values);
          };
    } else {
      float[] values = DenseAlgebra.shiftedInverse(gram, penalty);
      inverse =
          right -> {
            int n = right.rows();
            work.singleProduct(n, d, d);
            return Matrix.of(
                n, d, DenseAlgebra.multiplyTransposed(right.floats(), values, n, d, d));
          };
    }
  }

  /** The largest eigenvalue by the power method; what it misses narrows the range of penalties. */
  private static double largest(Matrix gram) {
    int d = gram.rows();
    double[] x = new double[d];
    Arrays.fill(x, 1 / Math.sqrt(d));
    double norm = 0;
    for (int step = 0; step < POWER_STEPS; step++) {
      double[] y = new double[d];
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          y[i] += gram.values()[i * d + j] * x[j];
        }
      }
      norm = Math.sqrt(Arrays.stream(y).map(value -> value * value).sum());
      for (int i = 0; i < d; i++) {
        x[i] = y[i] / norm;
      }
    }
    return norm;
  }
}
