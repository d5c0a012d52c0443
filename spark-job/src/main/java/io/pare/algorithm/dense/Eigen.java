package io.pare.algorithm.dense;

import static org.bytedeco.openblas.global.openblas.LAPACKE_dormtr;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dstemr;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dsyevd;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dsytrd;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix of order m.
 *
 * @param values eigenvalues, descending: all m, or the largest
 * @param vectors rows of m entries, row i is the unit eigenvector of {@code values[i]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Eigen(double[] values, Matrix vectors) {

  /**
   * All eigenvalues and eigenvectors of a symmetric matrix (LAPACK dsyevd).
   *
   * @throws ArithmeticException when the matrix is not finite or LAPACK does not converge
   */
  public static Eigen of(Matrix symmetric) {
    DenseAlgebra.requireFinite(symmetric, "matrix to decompose");
    int m = symmetric.rows();
    try (INDArray array = DenseAlgebra.doubles(symmetric);
        DoublePointer values = new DoublePointer(m)) {
      int info =
          LAPACKE_dsyevd(
              LAPACK_COL_MAJOR, (byte) 'V', (byte) 'L', m, DenseAlgebra.pointer(array), m, values);
      if (info != 0) {
        throw new ArithmeticException("dsyevd of a " + m + " x " + m + " matrix returned " + info);
      }
      return descending(values, DenseAlgebra.doubles(array), m, m);
    }
  }

  /**
   * The largest eigenvalues of a symmetric matrix and their eigenvectors (LAPACK dsytrd, dstemr and
   * dormtr), in less time and memory than {@link #of} where few are wanted.
   *
   * @param count at least 0; all where it exceeds the order m
   * @return as many values, and rows of m entries, as were asked for
   * @throws ArithmeticException when the matrix is not finite or LAPACK does not converge
   */
  public static Eigen leading(Matrix symmetric, int count) {
    int m = symmetric.rows();
    int wanted = Math.min(count, m);
    if (wanted == 0) {
      return new Eigen(new double[0], Matrix.zeros(0, m));
    }
    DenseAlgebra.requireFinite(symmetric, "matrix to decompose");
    try (INDArray array = DenseAlgebra.doubles(symmetric);
        INDArray vectors = Nd4j.createUninitialized(DataType.DOUBLE, (long) m * wanted);
        DoublePointer diagonal = new DoublePointer(m);
        DoublePointer besides = new DoublePointer(m);
        DoublePointer reflectors = new DoublePointer(m);
        DoublePointer values = new DoublePointer(m);
        IntPointer found = new IntPointer(1);
        IntPointer supports = new IntPointer(2L * wanted);
        IntPointer accurate = new IntPointer(1L).put(1)) {
      int info =
          LAPACKE_dsytrd(
              LAPACK_COL_MAJOR,
              (byte) 'L',
              m,
              DenseAlgebra.pointer(array),
              m,
              diagonal,
              besides,
              reflectors);
      if (info == 0) {
        info =
            LAPACKE_dstemr(
                LAPACK_COL_MAJOR,
                (byte) 'V',
                (byte) 'I',
                m,
                diagonal,
                besides,
                0,
                0,
                m - wanted + 1,
                m,
                found,
                values,
                DenseAlgebra.pointer(vectors),
                m,
                wanted,
                supports,
                accurate);
      }
      if (info == 0) {
        info =
            LAPACKE_dormtr(
                LAPACK_COL_MAJOR,
                (byte) 'L',
                (byte) 'L',
                (byte) 'N',
                m,
                wanted,
                DenseAlgebra.pointer(array),
                m,
                reflectors,
                DenseAlgebra.pointer(vectors),
                m);
      }
      if (info != 0 || found.get() != wanted) {
        throw new ArithmeticException(
            wanted + " eigenvectors of a " + m + " x " + m + " matrix: LAPACK returned " + info);
      }
      return descending(values, DenseAlgebra.doubles(vectors), m, wanted);
    }
  }

  /** Eigenpairs from LAPACK's ascending order; vectors are columns, one after the other. */
  private static Eigen descending(DoublePointer values, double[] columns, int m, int count) {
    double[] ascending = new double[count];
    values.get(ascending);
    double[] reversed = new double[count];
    double[] rows = new double[columns.length];
    for (int i = 0; i < count; i++) {
      reversed[i] = ascending[count - 1 - i];
      System.arraycopy(columns, (count - 1 - i) * m, rows, i * m, m);
    }
    return new Eigen(
        reversed, DenseAlgebra.requireFinite(new Matrix(count, m, rows), "eigenvectors"));
  }
}
