package io.pare.model.gradient;

import io.pare.model.gradient.graph.GraphWriter;

/**
 * The transpose of a linear map of feature maps that acts on rows and on columns alike: a matrix
 * for each axis.
 *
 * @param matrices for each axis behind images and channels, one or two: output x input, row-major
 * @param in lengths of the axes of the input
 * @param out lengths of the axes of the output
 */
@SuppressWarnings("ArrayRecordComponent")
record SeparableMap(float[][] matrices, int[] in, int[] out) {

  /** From the gradient of the output to that of the input. */
  String transposed(GraphWriter graph, int type, String gradient) {
    int last = in.length - 1;
    String right = graph.floats(type, new long[] {out[last], in[last]}, matrices[last]);
    String columns = Products.matMul(graph, gradient, right);
    if (last == 0) {
      return columns;
    }
    float[] turned = new float[in[0] * out[0]];
    for (int o = 0; o < out[0]; o++) {
      for (int i = 0; i < in[0]; i++) {
        turned[i * out[0] + o] = matrices[0][o * in[0] + i];
      }
    }
    String left = graph.floats(type, new long[] {in[0], out[0]}, turned);
    return Products.matMul(graph, left, columns);
  }
}
