package io.pare.algorithm.dense;

import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotrf;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotri;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotrs;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A Cholesky factor of a symmetric positive definite matrix, to solve with many right-hand sides.
 * Not thread-safe.
 */
public final class Cholesky {
  private final int order;
  private final double[] factor;

  /**
   * Factors a matrix that a ridge has made definite.
   *
   * @throws ArithmeticException when the matrix is not finite or not positive definite
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
      return DenseAlgebra.requireFinite(new Matrix(order, order, values), "inverse");
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
      int info =
          LAPACKE_dpotrs(
              LAPACK_COL_MAJOR,
              (byte) 'L',
              order,
              b.rows(),
              DenseAlgebra.pointer(a),
              order,
              DenseAlgebra.pointer(x),
              order);
      if (info != 0) {
        throw new ArithmeticException("dpotrs returned " + info);
      }
      return DenseAlgebra.requireFinite(
          new Matrix(b.rows(), b.columns(), DenseAlgebra.doubles(x)), "solution");
    }
  }
}
