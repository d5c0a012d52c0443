package io.pare.algorithm.dense;

import java.util.function.UnaryOperator;

/**
 * Solves {@code X G = C} for a block of rows of C by conjugate gradients, preconditioned with the
 * diagonal of G (Hestenes and Stiefel 1952): every row is a system of its own, and all of them take
 * one product with G together. G is symmetric and positive definite and seen through its products
 * alone. Sums run in a fixed order, so the bits are those of the products. Not thread-safe.
 */
public final class ConjugateGradients {
  private static final double TOLERANCE = 1e-6;
  private static final int MOST_STEPS = 300;

  private final UnaryOperator<Matrix> product;
  private final double[] diagonal;

  /**
   * Prepares systems of one matrix.
   *
   * @param product a G for any a of d columns
   * @param diagonal of G, d entries above 0
   */
  public ConjugateGradients(UnaryOperator<Matrix> product, double[] diagonal) {
    this.product = product;
    this.diagonal = diagonal;
  }

  /**
   * What was found.
   *
   * @param rows X, as many as C has
   * @param steps that were taken
   * @param residual the largest {@code ||X_i G - C_i|| / ||C_i||} of a row i
   */
  public record Solution(Matrix rows, int steps, double residual) {
    /** Whether every row meets the tolerance. */
    public boolean isConverged() {
      return residual <= TOLERANCE;
    }
  }

  /**
   * Solves for some rows, until each residual is a millionth of its right-hand side or 300 steps
   * are over.
   *
   * @param right C, rows x d
   * @param start where the search begins, of the same size: not changed
   * @throws ArithmeticException when G shows that it is not positive definite, or a value is not
   *     finite
   */
  public Solution solve(Matrix right, Matrix start) {
    DenseAlgebra.requireFinite(right, "right-hand side");
    if (right.columns() != diagonal.length) {
      throw new IllegalArgumentException(
          right + " has not the columns of a system of order " + diagonal.length);
    }
    Matrix x = start.copy();
    Matrix residual = DenseAlgebra.subtract(right, product.apply(x));
    Matrix direction = preconditioned(residual);
    double[] energy = inner(residual, direction);
    double[] goal = norms(right);
    int steps = 0;
    while (largest(residual, goal) > TOLERANCE && steps < MOST_STEPS) {
      Matrix image = product.apply(direction);
      double[] curvature = inner(direction, image);
      double[] lengths = new double[energy.length];
      for (int i = 0; i < lengths.length; i++) {
        if (curvature[i] < 0 || Double.isNaN(curvature[i])) {
          throw new ArithmeticException("a system is not positive definite: " + curvature[i]);
        }
        // A row that is solved has no direction left.
        lengths[i] = curvature[i] == 0 ? 0 : energy[i] / curvature[i];
      }
      add(x, lengths, direction);
      add(residual, negated(lengths), image);
      Matrix next = preconditioned(residual);
      double[] nextEnergy = inner(residual, next);
      for (int i = 0; i < energy.length; i++) {
        lengths[i] = energy[i] == 0 ? 0 : nextEnergy[i] / energy[i];
      }
      add(next, lengths, direction);
      direction = next;
      energy = nextEnergy;
      steps++;
    }
    return new Solution(DenseAlgebra.requireFinite(x, "solution"), steps, largest(residual, goal));
  }

  private Matrix preconditioned(Matrix residual) {
    Matrix result = residual.copy();
    double[] values = result.values();
    for (int k = 0; k < values.length; k++) {
      values[k] /= diagonal[k % diagonal.length];
    }
    return result;
  }

  /** {@code target_i += factor_i direction_i}. */
  private static void add(Matrix target, double[] factors, Matrix direction) {
    int width = target.columns();
    for (int i = 0; i < target.rows(); i++) {
      for (int k = i * width; k < (i + 1) * width; k++) {
        target.values()[k] += factors[i] * direction.values()[k];
      }
    }
  }

  private static double[] negated(double[] values) {
    double[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = -result[i];
    }
    return result;
  }

  /** Row by row. */
  private static double[] inner(Matrix a, Matrix b) {
    double[] sums = new double[a.rows()];
    int width = a.columns();
    for (int i = 0; i < sums.length; i++) {
      for (int k = i * width; k < (i + 1) * width; k++) {
        sums[i] += a.values()[k] * b.values()[k];
      }
    }
    return sums;
  }

  private static double[] norms(Matrix matrix) {
    double[] norms = inner(matrix, matrix);
    for (int i = 0; i < norms.length; i++) {
      norms[i] = Math.sqrt(norms[i]);
    }
    return norms;
  }

  private static double largest(Matrix residual, double[] goal) {
    double[] norms = norms(residual);
    double largest = 0;
    for (int i = 0; i < norms.length; i++) {
      largest = Math.max(largest, norms[i] == 0 ? 0 : norms[i] / goal[i]);
    }
    return largest;
  }
}
