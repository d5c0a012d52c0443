package io.pare.algorithm.dense;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.CblasUpper;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas.cblas_ssyrk;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Products of samples, one a row, in single precision: what most of the time of a job is spent in.
 * See {@link DenseAlgebra} for their arguments; there is at least one sample. Thread-safe.
 */
final class SingleProducts {

  private SingleProducts() {}

  static float[] multiplyTransposed(float[] a, float[] b, int rows, int columns, int inner) {
    try (FloatPointer left = new FloatPointer(a);
        FloatPointer right = new FloatPointer(b);
        FloatPointer result = new FloatPointer((long) rows * columns)) {
      Tiles.of(rows, 2.0 * rows * columns * inner)
          .forEach(
              (first, count) ->
                  cblas_sgemm(
                      CblasRowMajor,
                      CblasNoTrans,
                      CblasTrans,
                      count,
                      columns,
                      inner,
                      1f,
                      left.getPointer((long) first * inner),
                      inner,
                      right,
                      inner,
                      0f,
                      result.getPointer((long) first * columns),
                      columns));
      float[] values = new float[Math.multiplyExact(rows, columns)];
      result.get(values);
      return values;
    }
  }

  static void addGram(float[] x, int rows, int columns, double[] target) {
    Tiles tiles = Tiles.ofPairs(columns, (double) rows * columns * columns);
    int count = tiles.count();
    try (FloatPointer samples = new FloatPointer(x)) {
      IdleCores.forEach(
          count * count,
          pair -> {
            if (pair / count <= pair % count) {
              addGram(samples, rows, tiles, pair / count, pair % count, target);
            }
          });
    }
  }

  /** The products of the columns of two tiles, the second of which is not before the first. */
  private static void addGram(
      FloatPointer samples, int rows, Tiles tiles, int upper, int left, double[] target) {
    int columns = tiles.length();
    int height = tiles.sizeOf(upper);
    int width = tiles.sizeOf(left);
    try (FloatPointer result = new FloatPointer((long) height * width)) {
      FloatPointer first = samples.getPointer(tiles.first(upper));
      if (upper == left) {
        cblas_ssyrk(
            CblasRowMajor,
            CblasUpper,
            CblasTrans,
            width,
            rows,
            1f,
            first,
            columns,
            0f,
            result,
            width);
      } else {
        FloatPointer second = samples.getPointer(tiles.first(left));
        cblas_sgemm(
            CblasRowMajor,
            CblasTrans,
            CblasNoTrans,
            height,
            width,
            rows,
            1f,
            first,
            columns,
            second,
            columns,
            0f,
            result,
            width);
      }
      float[] row = new float[width];
      for (int i = 0; i < height; i++) {
        result.getPointer((long) i * width).get(row);
        int at = (tiles.first(upper) + i) * columns + tiles.first(left);
        for (int k = upper == left ? i : 0; k < width; k++) {
          target[at + k] += row[k];
        }
      }
    }
  }

  static void addCross(float[] a, float[] b, int rows, int n, int d, double[] target) {
    try (FloatPointer left = new FloatPointer(a);
        FloatPointer right = new FloatPointer(b)) {
      Tiles.of(d, 2.0 * rows * n * d)
          .forEach(
              (first, width) -> {
                try (FloatPointer result = new FloatPointer((long) n * width)) {
                  FloatPointer columns = right.getPointer(first);
                  cblas_sgemm(
                      CblasRowMajor,
                      CblasTrans,
                      CblasNoTrans,
                      n,
                      width,
                      rows,
                      1f,
                      left,
                      n,
                      columns,
                      d,
                      0f,
                      result,
                      width);
                  float[] row = new float[width];
                  for (int i = 0; i < n; i++) {
                    result.getPointer((long) i * width).get(row);
                    for (int k = 0; k < width; k++) {
                      target[i * d + first + k] += row[k];
                    }
                  }
                }
              });
    }
  }
}
