package io.pare.algorithm.dense;

import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotrf;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotri;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotrs;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.DoublePointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A Cholesky factor of a symmetric positive definite matrix, to solve with many right-hand sides.
 * What LAPACK gives is multiplied out on one random vector (Freivalds 1977): kernels that compute
 * wrongly on a processor would otherwise pass unseen. Not thread-safe.
 */
public final class Cholesky {
  private static final double TOLERANCE = 1e-9;

  private final int order;
  private final double trace;
  private final double[] factor;

  /**
   * Factors a matrix that a ridge has made definite.
   *
   * @throws ArithmeticException when the matrix is not finite or not positive definite
   * @throws IllegalStateException when it is not symmetric, or the factor is wrong
   */
  public Cholesky(Matrix definite) {
    DenseAlgebra.requireFinite(definite, "matrix to factor");
    order = definite.rows();
    try (INDArray array = DenseAlgebra.doubles(definite)) {
      int info =
          LAPACKE_dpotrf(LAPACK_COL_MAJOR, (byte) 'L', order, DenseAlgebra.pointer(array), order);
      if (info != 0) {
        throw new ArithmeticException(
            "a " + order + " x " + order + " Gram matrix is not positive definite: pivot " + info);
      }
      factor = DenseAlgebra.doubles(array);
    }
    double sum = 0;
    for (int i = 0; i < order; i++) {
      sum += definite.at(i, i);
    }
    trace = sum;
    double[] probe = probe(order);
    requireEqual(times(definite, probe), product(probe), trace * norm(probe), "factor");
  }

  /** L, lower triangular: {@code A = L L^T}. */
  public Matrix triangle() {
    Matrix triangle = Matrix.zeros(order, order);
    for (int j = 0; j < order; j++) {
      for (int i = j; i < order; i++) {
        triangle.set(i, j, factor[j * order + i]);
      }
    }
    return triangle;
  }

  /** A^-1, symmetric to the bit. */
  public Matrix inverse() {
    try (INDArray a = DenseAlgebra.doubles(new Matrix(order, order, factor))) {
      int info =
          LAPACKE_dpotri(LAPACK_COL_MAJOR, (byte) 'L', order, DenseAlgebra.pointer(a), order);
      if (info != 0) {
        throw new ArithmeticException("dpotri returned " + info);
      }
      double[] values = a.data().asDouble();
      DenseAlgebra.mirror(values, order);
      Matrix inverse = DenseAlgebra.requireFinite(new Matrix(order, order, values), "inverse");
      double[] probe = probe(order);
      double[] image = product(probe);
      double scale = norm(values) * norm(image) + norm(probe);
      requireEqual(probe, times(inverse, image), scale, "inverse");
      return inverse;
    }
  }

  /**
   * b A^-1, that is the solution of x A = b row by row.
   *
   * @param b any number of rows, as many columns as the matrix has
   */
  public Matrix solveRows(Matrix b) {
    try (INDArray a = DenseAlgebra.doubles(new Matrix(order, order, factor));
        INDArray x = DenseAlgebra.doubles(b)) {
      DoublePointer triangle = DenseAlgebra.pointer(a);
      DoublePointer solutions = DenseAlgebra.pointer(x);
      Tiles.of(b.rows(), 2.0 * b.rows() * order * order)
          .forEach((first, count) -> solve(triangle, solutions, first, count));
      Matrix solution =
          DenseAlgebra.requireFinite(
              new Matrix(b.rows(), b.columns(), DenseAlgebra.doubles(x)), "solution");
      double[] probe = probe(b.rows());
      double scale = trace * norm(solution.values()) * Math.sqrt(b.rows());
      requireEqual(combined(probe, b), product(combined(probe, solution)), scale, "solution");
      return solution;
    }
  }

  /** Ones and minus ones: the same for every matrix of one order. */
  private static double[] probe(int length) {
    SplittableRandom random = new SplittableRandom(length);
    return random.ints(length, 0, 2).mapToDouble(bit -> 2 * bit - 1).toArray();
  }

  /** A v. */
  private static double[] times(Matrix a, double[] v) {
    double[] values = a.values();
    double[] result = new double[a.rows()];
    for (int i = 0; i < result.length; i++) {
      double sum = 0;
      for (int j = 0; j < v.length; j++) {
        sum += values[i * v.length + j] * v[j];
      }
      result[i] = sum;
    }
    return result;
  }

  /** The sum of the rows of b, each times its entry of the vector. */
  private static double[] combined(double[] v, Matrix b) {
    double[] values = b.values();
    double[] sum = new double[b.columns()];
    for (int i = 0; i < v.length; i++) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] += v[i] * values[i * sum.length + j];
      }
    }
    return sum;
  }

  /** L (L^T v): the lower triangle of the factor is in column-major order. */
  private double[] product(double[] v) {
    double[] result = new double[order];
    for (int j = 0; j < order; j++) {
      double sum = 0;
      for (int i = j; i < order; i++) {
        sum += factor[j * order + i] * v[i];
      }
      for (int i = j; i < order; i++) {
        result[i] += factor[j * order + i] * sum;
      }
    }
    return result;
  }

  private static double norm(double[] v) {
    double sum = 0;
    for (double each : v) {
      sum += each * each;
    }
    return Math.sqrt(sum);
  }

  private void requireEqual(double[] wanted, double[] found, double scale, String what) {
    double[] difference = new double[wanted.length];
    for (int i = 0; i < wanted.length; i++) {
      difference[i] = wanted[i] - found[i];
    }
    if (!(norm(difference) <= TOLERANCE * scale)) {
      throw new IllegalStateException(
          "the %s of a %d x %d matrix is off by %.1e: the matrix is not symmetric, or %s computes"
                  .formatted(what, order, order, norm(difference), DenseAlgebra.implementation())
              + " wrongly on this processor");
    }
  }

  private void solve(DoublePointer triangle, DoublePointer solutions, int first, int count) {
    int info =
        LAPACKE_dpotrs(
            LAPACK_COL_MAJOR,
            (byte) 'L',
            order,
            count,
            triangle,
            order,
            solutions.getPointer((long) first * order),
            order);
    if (info != 0) {
      throw new ArithmeticException("dpotrs returned " + info);
    }
  }
}
