package io.pare.algorithm.dense;

import java.util.Arrays;

/** Parts and transposes of matrices, copied. Stateless. */
public final class RowRange {

  private RowRange() {}

  /** The first rows. */
  public static Matrix first(Matrix matrix, int rows) {
    return new Matrix(
        rows, matrix.columns(), Arrays.copyOf(matrix.values(), rows * matrix.columns()));
  }

  /** Some of the rows, in the order given. */
  public static Matrix chosen(Matrix matrix, int[] rows) {
    Matrix result = Matrix.zeros(rows.length, matrix.columns());
    for (int k = 0; k < rows.length; k++) {
      System.arraycopy(
          matrix.values(),
          rows[k] * matrix.columns(),
          result.values(),
          k * matrix.columns(),
          matrix.columns());
    }
    return result;
  }

  /**
   * The rows of a matrix placed among zeros: row k becomes row {@code rows[k]} of {@code height}.
   */
  public static Matrix scattered(Matrix matrix, int[] rows, int height) {
    Matrix result = Matrix.zeros(height, matrix.columns());
    for (int k = 0; k < rows.length; k++) {
      System.arraycopy(
          matrix.values(),
          k * matrix.columns(),
          result.values(),
          rows[k] * matrix.columns(),
          matrix.columns());
    }
    return result;
  }

  /** Some of the columns, in the order given. */
  public static Matrix columns(Matrix matrix, int[] columns) {
    Matrix result = Matrix.zeros(matrix.rows(), columns.length);
    for (int i = 0; i < matrix.rows(); i++) {
      for (int k = 0; k < columns.length; k++) {
        result.set(i, k, matrix.at(i, columns[k]));
      }
    }
    return result;
  }

  /** The symmetric part of a square matrix. */
  public static Matrix symmetric(Matrix square) {
    Matrix result = square.copy();
    for (int i = 0; i < square.rows(); i++) {
      for (int j = 0; j < i; j++) {
        double mean = (square.at(i, j) + square.at(j, i)) / 2;
        result.set(i, j, mean);
        result.set(j, i, mean);
      }
    }
    return result;
  }

  /** The transpose. */
  public static Matrix transpose(Matrix matrix) {
    Matrix result = Matrix.zeros(matrix.columns(), matrix.rows());
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < matrix.columns(); j++) {
        result.set(j, i, matrix.at(i, j));
      }
    }
    return result;
  }
}
