package io.pare.algorithm.dense;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The Gram matrix in single precision off the heap, for the many products of one iterative solve.
 *
 * <p>A column of the layer is {@code j taps + w}: unit j of the first factor at tap w of the
 * second. Here rows and columns are reordered to {@code w m + j}, so that what belongs to one tap
 * is one block. Thread-safe until it is closed.
 */
public final class TapGram implements AutoCloseable {
  private final int taps;
  private final int m;
  private final int d;
  private final INDArray values;

  /**
   * Copies a Gram matrix off the heap.
   *
   * @param gram d x d
   * @param taps divides d
   */
  public TapGram(Matrix gram, int taps) {
    this.taps = taps;
    d = gram.rows();
    m = d / taps;
    values = array((long) d * d);
    FloatPointer pointer = pointer(values);
    float[] row = new float[d];
    for (int i = 0; i < d; i++) {
      int source = i * d;
      for (int w = 0; w < taps; w++) {
        for (int j = 0; j < m; j++) {
          row[w * m + j] = (float) gram.values()[source + j * taps + w];
        }
      }
      long target = (long) (i % taps) * m + i / taps;
      at(pointer, target * d).put(row);
    }
  }

  /**
   * {@code sum_{w,w'} P_ww' V G_w'w}: what the normal equations of V apply to it.
   *
   * @param products P, taps r x taps r
   * @param v V, r x m
   * @return r x m
   */
  public Matrix image(Matrix products, Matrix v) {
    int r = v.rows();
    int order = taps * r;
    try (INDArray first = array(v);
        INDArray second = array(products);
        INDArray projected = array((long) order * d);
        INDArray result = array((long) r * m)) {
      for (int w = 0; w < taps; w++) {
        multiply(
            new Size(r, m, d),
            new Operand(pointer(first), 0, m),
            new Operand(pointer(values), (long) w * m * d, d),
            0,
            new Operand(pointer(projected), (long) w * r * d, d));
      }
      for (int w = 0; w < taps; w++) {
        multiply(
            new Size(r, order, m),
            new Operand(pointer(second), (long) w * r * order, order),
            new Operand(pointer(projected), (long) w * m, d),
            w == 0 ? 0 : 1,
            new Operand(pointer(result), 0, m));
      }
      return matrix(r, m, result);
    }
  }

  @Override
  public void close() {
    values.close();
  }

  private record Size(int rows, int inner, int columns) {}

  private record Operand(FloatPointer base, long offset, int stride) {
    FloatPointer from(int column) {
      return at(base, offset + column);
    }
  }

  private static void multiply(Size size, Operand a, Operand b, float beta, Operand c) {
    Tiles.of(size.columns(), 2.0 * size.rows() * size.columns() * size.inner())
        .forEach(
            (first, count) ->
                cblas_sgemm(
                    CblasRowMajor,
                    CblasNoTrans,
                    CblasNoTrans,
                    size.rows(),
                    count,
                    size.inner(),
                    1f,
                    a.from(0),
                    a.stride(),
                    b.from(first),
                    b.stride(),
                    beta,
                    c.from(first),
                    c.stride()));
  }

  private static INDArray array(long length) {
    return DenseAlgebra.uninitialized(length);
  }

  private static INDArray array(Matrix matrix) {
    float[] floats = matrix.floats();
    INDArray array = array(floats.length);
    pointer(array).put(floats);
    return array;
  }

  private static Matrix matrix(int rows, int columns, INDArray array) {
    float[] floats = new float[rows * columns];
    pointer(array).get(floats);
    return Matrix.of(rows, columns, floats);
  }

  private static FloatPointer pointer(INDArray array) {
    return (FloatPointer) array.data().addressPointer();
  }

  private static FloatPointer at(FloatPointer pointer, long offset) {
    return new FloatPointer(pointer).position(pointer.position() + offset);
  }
}
