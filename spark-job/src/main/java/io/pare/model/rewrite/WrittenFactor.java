package io.pare.model.rewrite;

import io.pare.algorithm.dense.Matrix;
import io.pare.model.Convolution;
import java.util.List;

/**
 * One convolution (or matrix product, where there is one tap) of a component as it is written.
 *
 * @param kernels weights of each group, rows are filters; all of one size
 * @param convolution how it moves
 */
record WrittenFactor(List<Matrix> kernels, Convolution convolution) {
  WrittenFactor {
    kernels = List.copyOf(kernels);
  }

  /** Filters of each group. */
  int rows() {
    return kernels.get(0).rows();
  }

  /** Input channels of each group. */
  int channels() {
    return kernels.get(0).columns() / convolution.window().taps();
  }

  /** The weights of all groups, group after group. */
  float[] values() {
    int size = kernels.get(0).values().length;
    float[] values = new float[Math.multiplyExact(size, kernels.size())];
    int next = 0;
    for (Matrix kernel : kernels) {
      for (double value : kernel.values()) {
        values[next++] = (float) value;
      }
    }
    return values;
  }
}
