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
  private static final int SQUARE = 32;

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

  /** Ones on the diagonal, zeros elsewhere. */
  public static Matrix identity(int order) {
    Matrix identity = zeros(order, order);
    for (int k = 0; k < order; k++) {
      identity.set(k, k, 1);
    }
    return identity;
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

  /** The first rows, copied. */
  public Matrix firstRows(int count) {
    return new Matrix(count, columns, Arrays.copyOf(values, count * columns));
  }

  /** Some of the rows, in the order given, copied. */
  public Matrix rows(int[] chosen) {
    Matrix result = zeros(chosen.length, columns);
    for (int k = 0; k < chosen.length; k++) {
      System.arraycopy(values, chosen[k] * columns, result.values, k * columns, columns);
    }
    return result;
  }

  /** The rows placed among zeros: row k becomes row {@code places[k]} of {@code height}. */
  public Matrix scatteredRows(int[] places, int height) {
    Matrix result = zeros(height, columns);
    for (int k = 0; k < places.length; k++) {
      System.arraycopy(values, k * columns, result.values, places[k] * columns, columns);
    }
    return result;
  }

  /** Some of the columns, in the order given, copied. */
  public Matrix columns(int[] chosen) {
    Matrix result = zeros(rows, chosen.length);
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < chosen.length; k++) {
        result.set(i, k, at(i, chosen[k]));
      }
    }
    return result;
  }

  /** Some neighbouring columns, copied. */
  public Matrix columnsFrom(int first, int count) {
    Matrix result = zeros(rows, count);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(values, i * columns + first, result.values, i * count, count);
    }
    return result;
  }

  /** The transpose, copied. */
  public Matrix transposed() {
    Matrix result = zeros(columns, rows);
    // Square by square: what is read and what is written both stay in the cache.
    for (int top = 0; top < rows; top += SQUARE) {
      for (int left = 0; left < columns; left += SQUARE) {
        for (int j = left; j < Math.min(columns, left + SQUARE); j++) {
          for (int i = top; i < Math.min(rows, top + SQUARE); i++) {
            result.set(j, i, at(i, j));
          }
        }
      }
    }
    return result;
  }

  /**
   * The columns in another order: from {@code a inner + b} to {@code b outer + a}.
   *
   * @param inner divides the number of columns, {@code outer} times
   */
  public Matrix columnsSwapped(int inner) {
    int outer = columns() / inner;
    Matrix result = zeros(rows(), columns());
    for (int i = 0; i < rows(); i++) {
      for (int a = 0; a < outer; a++) {
        for (int b = 0; b < inner; b++) {
          result.set(i, b * outer + a, at(i, a * inner + b));
        }
      }
    }
    return result;
  }

  /** The symmetric part of a square matrix, copied. */
  public Matrix symmetricPart() {
    Matrix result = copy();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < i; j++) {
        double mean = (at(i, j) + at(j, i)) / 2;
        result.set(i, j, mean);
        result.set(j, i, mean);
      }
    }
    return result;
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
