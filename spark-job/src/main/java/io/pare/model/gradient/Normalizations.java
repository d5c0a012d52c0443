package io.pare.model.gradient;

import io.pare.model.NodeAttributes;
import io.pare.model.gradient.graph.GraphWriter;
import io.pare.model.gradient.graph.WindowTaps;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Normalisations, by stored statistics, by neighbours or by a sum over classes. Stateless. */
final class Normalizations {
  /** Before, Softmax ran over all axes from its own to the last. */
  private static final int SOFTMAX_OVER_ONE_AXIS = 13;

  private Normalizations() {}

  /** Whether a BatchNormalization uses its stored statistics, which get no gradient. */
  static boolean isInference(Adjoint node) {
    return NodeAttributes.number(node.node(), "training_mode", 0) == 0
        && node.node().getOutputCount() == 1
        && isStored(node, 3)
        && isStored(node, 4);
  }

  private static boolean isStored(Adjoint node, int index) {
    return !node.wants(index) || node.network().constant(node.input(index)).isPresent();
  }

  /** scale (x - mean) / sqrt(variance + epsilon) + bias, for each channel. */
  static void batch(Adjoint node) {
    GraphWriter graph = node.graph();
    float epsilon = NodeAttributes.real(node.node(), "epsilon", 1e-5f);
    String variance = graph.add(node.input(4), graph.scalar(node.type(4), epsilon));
    String deviation = graph.apply("Sqrt", variance);
    int[] others = IntStream.range(0, node.shape(0).length).filter(axis -> axis != 1).toArray();
    if (node.wants(0)) {
      String factor = perChannel(node, graph.divide(node.input(1), deviation));
      node.give(0, graph.multiply(node.gradient(), factor));
    }
    if (node.wants(1)) {
      String centred = graph.subtract(node.input(0), perChannel(node, node.input(3)));
      String sum = graph.sum(graph.multiply(node.gradient(), centred), others);
      String flat = graph.reshape(sum, node.shape(1));
      node.give(1, graph.divide(flat, deviation));
    }
    if (node.wants(2)) {
      node.give(2, graph.reshape(graph.sum(node.gradient(), others), node.shape(2)));
    }
  }

  private static String perChannel(Adjoint node, String vector) {
    long[] dims = new long[node.shape(0).length - 1];
    Arrays.fill(dims, 1);
    dims[0] = -1;
    return node.graph().reshape(vector, dims);
  }

  /**
   * Local response: y = x s^-beta with s = bias + alpha / size times the sum of squares of the
   * channels around. That sum is an average pool along the channels.
   */
  static void localResponse(Adjoint node) {
    GraphWriter graph = node.graph();
    int size = (int) NodeAttributes.number(node.node(), "size", 1);
    float alpha = NodeAttributes.real(node.node(), "alpha", 1e-4f);
    float beta = NodeAttributes.real(node.node(), "beta", 0.75f);
    float bias = NodeAttributes.real(node.node(), "bias", 1);
    int before = (size - 1) / 2;
    String x = node.input(0);
    String mean = around(node, graph.multiply(x, x), size, before);
    String s = graph.add(graph.multiply(mean, node.scalar(alpha)), node.scalar(bias));
    String power = graph.write("Pow", List.of(s, node.scalar(-beta)));
    String direct = graph.multiply(node.gradient(), power);
    String weighted = graph.divide(graph.multiply(node.gradient(), node.output()), s);
    String back = around(node, weighted, size, size - 1 - before);
    String indirect = graph.multiply(graph.multiply(x, back), node.scalar(2 * alpha * beta));
    node.give(0, graph.subtract(direct, indirect));
  }

  /** The sum over {@code size} channels, {@code before} of them in front, divided by the size. */
  private static String around(Adjoint node, String maps, int size, int before) {
    GraphWriter graph = node.graph();
    long[] dims = node.shape(0);
    String flat =
        graph.reshape(maps, -1, 1, dims[1], WindowTaps.product(Arrays.copyOfRange(dims, 2, 4)));
    String mean =
        graph.write(
            "AveragePool",
            List.of(flat),
            NodeAttributes.number("count_include_pad", 1),
            NodeAttributes.numbers("kernel_shape", size, 1),
            NodeAttributes.numbers("pads", before, 0, size - 1 - before, 0));
    return graph.reshapeLike(mean, node.input(0), dims);
  }

  /** Whether a local response is over maps of two axes and a known size. */
  static boolean hasMaps(Adjoint node) {
    return node.shape(0).length == 4 && Adjoint.isBatch(node.shape(0));
  }

  /** y (g - sum of y g). */
  static void softmax(Adjoint node) {
    GraphWriter graph = node.graph();
    String weighted = graph.multiply(node.gradient(), node.output());
    String sum = graph.sum(weighted, classes(node));
    node.give(0, graph.multiply(node.output(), graph.subtract(node.gradient(), sum)));
  }

  /** g - exp(y) times the sum of g. */
  static void logSoftmax(Adjoint node) {
    GraphWriter graph = node.graph();
    String sum = graph.sum(node.gradient(), classes(node));
    String share = graph.multiply(graph.apply("Exp", node.output()), sum);
    node.give(0, graph.subtract(node.gradient(), share));
  }

  private static int[] classes(Adjoint node) {
    int rank = node.shape(0).length;
    if (node.opset() < SOFTMAX_OVER_ONE_AXIS) {
      return IntStream.range(node.axis("axis", 1, rank), rank).toArray();
    }
    return new int[] {node.axis("axis", -1, rank)};
  }
}
