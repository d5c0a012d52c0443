package io.pare.algorithm;

import java.util.Arrays;

/** Parts and transposes of matrices, copied. Stateless. */
final class RowRange {

  private RowRange() {}

  /** The first rows. */
  static Matrix first(Matrix matrix, int rows) {
    return new Matrix(
        rows, matrix.columns(), Arrays.copyOf(matrix.values(), rows * matrix.columns()));
  }

  /** The transpose. */
  static Matrix transpose(Matrix matrix) {
    Matrix result = Matrix.zeros(matrix.columns(), matrix.rows());
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < matrix.columns(); j++) {
        result.set(j, i, matrix.at(i, j));
      }
    }
    return result;
  }
}
