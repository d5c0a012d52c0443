package io.pare.model.inference;

/**
 * A tensor that inference gave, row-major.
 *
 * @param shape dimensions, outermost (images) first
 * @param values as many as the product of the dimensions
 */
@SuppressWarnings("ArrayRecordComponent")
public record TensorData(long[] shape, float[] values) {
  public TensorData {
    long elements = 1;
    for (long dim : shape) {
      elements = Math.multiplyExact(elements, dim);
    }
    if (elements != values.length) {
      throw new IllegalArgumentException(
          "a tensor of " + elements + " elements cannot hold " + values.length + " values");
    }
  }
}
