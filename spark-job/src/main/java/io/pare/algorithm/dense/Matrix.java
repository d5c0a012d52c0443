package io.pare.algorithm.dense;

import java.util.Arrays;

/**
 * A dense matrix of doubles, row-major, values not copied: whoever hands the array over gives up
 * writing to it. Not thread-safe while it is being filled.
 *
 * @param rows number of rows, at least 0
 * @param columns number of columns, at least 0
 * @param values {@code rows * columns} entries, row after row
 */
@SuppressWarnings("ArrayRecordComponent")
public record Matrix(int rows, int columns, double[] values) {

  public Matrix {
    if (rows < 0 || columns < 0 || (long) rows * columns != values.length) {
      throw new IllegalArgumentException(
          "a " + rows + " x " + columns + " matrix cannot hold " + values.length + " values");
    }
  }

  /**
   * A matrix of single-precision entries, copied.
   *
   * @param values {@code rows * columns} entries, row after row
   */
  public static Matrix of(int rows, int columns, float[] values) {
    double[] entries = new double[values.length];
    for (int k = 0; k < entries.length; k++) {
      entries[k] = values[k];
    }
    return new Matrix(rows, columns, entries);
  }

  /** The entries in single precision, row after row. */
  public float[] floats() {
    float[] entries = new float[values.length];
    for (int k = 0; k < entries.length; k++) {
      entries[k] = (float) values[k];
    }
    return entries;
  }

  /** A matrix of zeros. */
  public static Matrix zeros(int rows, int columns) {
    return new Matrix(rows, columns, new double[Math.multiplyExact(rows, columns)]);
  }

  /** The entry in row {@code i} and column {@code j}. */
  public double at(int i, int j) {
    return values[i * columns + j];
  }

  /** Sets the entry in row {@code i} and column {@code j}; only while the matrix is being built. */
  public void set(int i, int j, double value) {
    values[i * columns + j] = value;
  }

  /** An independent copy. */
  public Matrix copy() {
    return new Matrix(rows, columns, values.clone());
  }

  /** Whether every entry is finite. */
  public boolean isFinite() {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Matrix that
        && rows == that.rows
        && columns == that.columns
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * rows + columns) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Matrix[" + rows + " x " + columns + "]";
  }
}
