package io.pare.model.inference;

import java.nio.FloatBuffer;

/**
 * A tensor that inference gave, row-major, read where it lies: it is overwritten by the next run in
 * the same thread.
 *
 * @param shape dimensions, outermost (images) first
 * @param values as many as the product of the dimensions, to be read by index
 */
@SuppressWarnings("ArrayRecordComponent")
public record TensorView(long[] shape, FloatBuffer values) {

  /** A view of values on the heap. */
  public static TensorView of(TensorData data) {
    return new TensorView(data.shape(), FloatBuffer.wrap(data.values()));
  }

  /** A copy on the heap. */
  public TensorData copied() {
    float[] copy = new float[values.capacity()];
    values.get(0, copy);
    return new TensorData(shape, copy);
  }
}
