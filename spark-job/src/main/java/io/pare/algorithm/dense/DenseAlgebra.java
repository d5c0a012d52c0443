package io.pare.algorithm.dense;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotrf;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotri;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;
import static org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads;

import io.pare.process.NativeEnvironment;
import java.util.Properties;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products and factorisations of dense matrices.
 *
 * <p>BLAS and LAPACK are called through the OpenBLAS binding that ND4J itself sits on. Every
 * operand is copied off the heap and freed before the call returns, so nothing waits for the
 * garbage collector. Large products are cut into {@link Tiles}, which {@link IdleCores} share.
 * Inputs and results must be finite: LAPACK's Cholesky reports success on NaN. Thread-safe.
 */
public final class DenseAlgebra {
  private static final int TILE = 64;
  private static final String LIBRARY = "libopenblas_nolapack.so.0";

  static {
    // The kernels for AVX-512 of this OpenBLAS (0.3.19) give wrong triangular solves and Cholesky
    // factors (OpenMathLib/OpenBLAS, issues 2986 and 3534); with one set of kernels for all
    // processors, sums have the same bits on all of them, too.
    NativeEnvironment.set("OPENBLAS_CORETYPE", "Haswell");
    // ND4J sets the threads of OpenBLAS when it starts: that must not come after useThreads.
    Nd4j.createUninitialized(DataType.FLOAT, 1).close();
  }

  private static int present;

  private DenseAlgebra() {}

  /**
   * Pins the number of threads of every later product and factorisation in this JVM: OpenBLAS may
   * sum in another order with another thread count. Not to be changed while products run.
   *
   * @param threads at least 1
   */
  public static synchronized void useThreads(int threads) {
    // OpenBLAS moves its buffers when it is told, even under a product of another thread: so it is
    // told of changes alone, and tasks, which all have one number, never change it.
    if (threads != present) {
      blas_set_num_threads(threads);
      present = threads;
    }
  }

  /** What the products and factorisations run in, such as {@code OPENBLAS (CPU)}. */
  public static String implementation() {
    Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
    return environment.getProperty("blas.vendor") + " (" + environment.getProperty("backend") + ")";
  }

  /**
   * The file of the OpenBLAS that the products run in, for others in this JVM who need a BLAS: two
   * copies of OpenBLAS share symbols and free each other's buffers.
   */
  public static String library() {
    String binding = Loader.load(openblas_nolapack.class);
    return binding.substring(0, binding.lastIndexOf('/') + 1) + LIBRARY;
  }

  /** Floats off the heap whose values are left open: what OpenBLAS is to be called with. */
  static INDArray uninitialized(long length) {
    return Nd4j.createUninitialized(DataType.FLOAT, length);
  }

  /** a b. */
  public static Matrix multiply(Matrix a, Matrix b) {
    return product(a, false, b, false);
  }

  /** a b^T. */
  public static Matrix multiplyTransposed(Matrix a, Matrix b) {
    return product(a, false, b, true);
  }

  /** a^T b. */
  public static Matrix transposeMultiply(Matrix a, Matrix b) {
    return product(a, true, b, false);
  }

  /**
   * a b^T in single precision.
   *
   * @param a {@code rows x inner}, row-major
   * @param b {@code columns x inner}, row-major
   * @return {@code rows x columns}, row-major
   */
  public static float[] multiplyTransposed(float[] a, float[] b, int rows, int columns, int inner) {
    return rows == 0 || columns == 0
        ? new float[0]
        : SingleProducts.multiplyTransposed(a, b, rows, columns, inner);
  }

  /**
   * x^T x in single precision, added to a double accumulator. Only the upper triangle is updated;
   * {@link #mirror} completes it when everything has been added.
   *
   * @param x {@code rows x columns}, row-major
   * @param target {@code columns x columns}, row-major
   */
  public static void addGram(float[] x, int rows, int columns, double[] target) {
    if (rows > 0) {
      SingleProducts.addGram(x, rows, columns, target);
    }
  }

  /** Copies the upper triangle of a square matrix to the lower one. */
  public static void mirror(double[] square, int order) {
    // By tiles that fit the cache: whole columns would miss it with every entry.
    for (int top = 0; top < order; top += TILE) {
      for (int left = top; left < order; left += TILE) {
        for (int i = top; i < Math.min(order, top + TILE); i++) {
          for (int j = Math.max(i + 1, left); j < Math.min(order, left + TILE); j++) {
            square[j * order + i] = square[i * order + j];
          }
        }
      }
    }
  }

  /**
   * a^T b in single precision, added to a double accumulator.
   *
   * @param a {@code rows x n}, row-major
   * @param b {@code rows x d}, row-major
   * @param target {@code n x d}, row-major
   */
  public static void addCross(float[] a, float[] b, int rows, int n, int d, double[] target) {
    if (rows > 0) {
      SingleProducts.addCross(a, b, rows, n, d, target);
    }
  }

  /**
   * {@code (G + shift I)^-1} in single precision, symmetric to the bit: one factorisation in double
   * precision, rounded at the end.
   *
   * @param symmetric G, whose sum with the shift is positive definite; not changed
   * @return row-major, of G's order
   * @throws ArithmeticException when the sum is not finite or not positive definite
   */
  public static float[] shiftedInverse(Matrix symmetric, double shift) {
    requireFinite(symmetric, "matrix to invert");
    int order = symmetric.rows();
    try (INDArray a = doubles(symmetric)) {
      DoublePointer values = pointer(a);
      for (long k = 0; k < order; k++) {
        values.put(k * (order + 1), values.get(k * (order + 1)) + shift);
      }
      int info = LAPACKE_dpotrf(LAPACK_COL_MAJOR, (byte) 'L', order, values, order);
      if (info == 0) {
        info = LAPACKE_dpotri(LAPACK_COL_MAJOR, (byte) 'L', order, values, order);
      }
      if (info != 0) {
        throw new ArithmeticException(
            "a shifted matrix of order " + order + " is not positive definite: pivot " + info);
      }
      // The lower triangle in column-major order is the upper one in row-major order.
      float[] inverse = new float[Math.multiplyExact(order, order)];
      double[] row = new double[order];
      for (int i = 0; i < order; i++) {
        values.getPointer((long) i * order).get(row);
        for (int j = i; j < order; j++) {
          inverse[i * order + j] = (float) row[j];
        }
      }
      mirror(inverse, order);
      return inverse;
    }
  }

  private static void mirror(float[] square, int order) {
    for (int top = 0; top < order; top += TILE) {
      for (int left = top; left < order; left += TILE) {
        for (int i = top; i < Math.min(order, top + TILE); i++) {
          for (int j = Math.max(i + 1, left); j < Math.min(order, left + TILE); j++) {
            square[j * order + i] = square[i * order + j];
          }
        }
      }
    }
  }

  /**
   * A matrix that is copied off the heap once, for many products with narrow ones: each would take
   * less time than its copy. Thread-safe until it is closed.
   */
  public static final class Resident implements AutoCloseable {
    private final INDArray values;
    private final int columns;

    public Resident(Matrix matrix) {
      values = doubles(matrix);
      columns = matrix.columns();
    }

    /** a b, where b is this matrix. */
    public Matrix multiplied(Matrix a) {
      return product(a, false, values, false, a.rows(), columns);
    }

    @Override
    public void close() {
      values.close();
    }
  }

  /** a - b. */
  public static Matrix subtract(Matrix a, Matrix b) {
    return combine(a, b, -1);
  }

  /** a + scale b. */
  public static Matrix combine(Matrix a, Matrix b, double scale) {
    if (a.rows() != b.rows() || a.columns() != b.columns()) {
      throw new IllegalArgumentException(a + " and " + b + " differ in shape");
    }
    double[] values = a.values().clone();
    for (int k = 0; k < values.length; k++) {
      values[k] += scale * b.values()[k];
    }
    return new Matrix(a.rows(), a.columns(), values);
  }

  /** Sum of the products of corresponding entries, tr(a b^T). */
  public static double inner(Matrix a, Matrix b) {
    double sum = 0;
    for (int k = 0; k < a.values().length; k++) {
      sum += a.values()[k] * b.values()[k];
    }
    return sum;
  }

  /** Returns the matrix, or fails naming it when an entry is not finite. */
  public static Matrix requireFinite(Matrix matrix, String name) {
    if (!matrix.isFinite()) {
      throw new ArithmeticException(
          "the " + name + " (" + matrix + ") holds a value that is not finite");
    }
    return matrix;
  }

  private static Matrix product(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
    int rows = transposeA ? a.columns() : a.rows();
    int inner = transposeA ? a.rows() : a.columns();
    int columns = transposeB ? b.rows() : b.columns();
    if (inner != (transposeB ? b.columns() : b.rows())) {
      throw new IllegalArgumentException("the inner dimensions of " + a + " and " + b + " differ");
    }
    if (rows == 0 || inner == 0 || columns == 0) {
      return Matrix.zeros(rows, columns);
    }
    try (INDArray left = doubles(b)) {
      return product(a, transposeA, left, transposeB, rows, columns);
    }
  }

  private static Matrix product(
      Matrix a, boolean transposeA, INDArray b, boolean transposeB, int rows, int columns) {
    int inner = transposeA ? a.rows() : a.columns();
    int strideOfB = transposeB ? inner : columns;
    DoublePointer right = pointer(b);
    try (DoublePointer left = new DoublePointer(a.values());
        DoublePointer result = new DoublePointer((long) rows * columns)) {
      double operations = 2.0 * rows * columns * inner;
      boolean byRows = rows >= columns;
      Tiles.of(byRows ? rows : columns, operations)
          .forEach(
              (first, count) ->
                  cblas_dgemm(
                      CblasRowMajor,
                      transposeA ? CblasTrans : CblasNoTrans,
                      transposeB ? CblasTrans : CblasNoTrans,
                      byRows ? count : rows,
                      byRows ? columns : count,
                      inner,
                      1,
                      byRows ? left.getPointer(transposeA ? first : (long) first * inner) : left,
                      a.columns(),
                      byRows ? right : right.getPointer(transposeB ? (long) first * inner : first),
                      strideOfB,
                      0,
                      result.getPointer(byRows ? (long) first * columns : first),
                      columns));
      double[] values = new double[Math.multiplyExact(rows, columns)];
      result.get(values);
      return new Matrix(rows, columns, values);
    }
  }

  // One copy in bulk: Nd4j.create takes two to three times as long, as long as many products.
  static INDArray doubles(Matrix matrix) {
    INDArray array =
        Nd4j.createUninitialized(
            DataType.DOUBLE, new long[] {matrix.columns(), matrix.rows()}, 'f');
    pointer(array).put(matrix.values());
    return array;
  }

  static double[] doubles(INDArray array) {
    double[] values = new double[Math.toIntExact(array.length())];
    pointer(array).get(values);
    return values;
  }

  static DoublePointer pointer(INDArray array) {
    return (DoublePointer) array.data().addressPointer();
  }
}
