package io.pare.model.gradient;

import io.pare.model.NodeAttributes;
import io.pare.model.gradient.graph.GraphWriter;
import io.pare.model.gradient.graph.TensorShapes;
import io.pare.model.gradient.graph.WindowTaps;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Convolutions (algorithm.md section 10): the gradient of the maps is a convolution with the turned
 * kernel, that of the kernel a matrix product over all positions, that of the bias a sum. Windows
 * that meet nothing but padding are left out. Stateless.
 */
final class Convolutions {
  private Convolutions() {}

  /** Whether the sizes of all maps are known but for the number of images. */
  static boolean isMeasured(Adjoint node) {
    long[] kernel = node.shape(1);
    return kernel.length >= 3
        && TensorShapes.isFixed(kernel)
        && Adjoint.isBatch(node.shape(0))
        && Adjoint.isBatch(node.shape(node.output()));
  }

  static void convolution(Adjoint node) {
    WindowTaps all = window(node, node.shape(0), node.shape(node.output()));
    WindowTaps window = all.inner();
    long groups = NodeAttributes.number(node.node(), "group", 1);
    String gradient = all.cutToInner(node.graph(), node.gradient());
    if (node.wants(0)) {
      node.give(0, maps(node, gradient, window, groups));
    }
    if (node.wants(1)) {
      KernelGradient kernel = new KernelGradient(node.graph(), window, groups, node.shape(1));
      node.give(1, kernel.of(node.input(0), gradient));
    }
    bias(node);
  }

  /** Whether the padding of a transposed convolution is written in numbers. */
  static boolean hasExplicitPads(Adjoint node) {
    String automatic = NodeAttributes.text(node.node(), "auto_pad", "NOTSET");
    return automatic.equals("NOTSET")
        && NodeAttributes.find(node.node(), "output_shape").isEmpty()
        && isMeasured(node);
  }

  /** A transposed convolution is the way back of a convolution: its own way back is that one. */
  static void transposed(Adjoint node) {
    WindowTaps window = window(node, node.shape(node.output()), node.shape(0));
    long groups = NodeAttributes.number(node.node(), "group", 1);
    if (node.wants(0)) {
      String back =
          node.graph()
              .write(
                  "Conv",
                  List.of(node.gradient(), node.input(1)),
                  attributes(window, groups, window.pads()));
      node.give(0, back);
    }
    if (node.wants(1)) {
      KernelGradient kernel = new KernelGradient(node.graph(), window, groups, node.shape(1));
      node.give(1, kernel.of(node.gradient(), node.input(0)));
    }
    bias(node);
  }

  private static WindowTaps window(Adjoint node, long[] maps, long[] windows) {
    long[] weights = node.shape(1);
    return WindowTaps.of(
        node.node(), Arrays.copyOfRange(weights, 2, weights.length), maps, windows);
  }

  private static void bias(Adjoint node) {
    if (node.wants(2)) {
      int rank = node.shape(node.output()).length;
      int[] others = IntStream.range(0, rank).filter(axis -> axis != 1).toArray();
      String sum = node.graph().sum(node.gradient(), others);
      node.give(2, node.graph().reshape(sum, node.shape(2)));
    }
  }

  /**
   * The convolution with the turned kernel, for steps of 1 and kernels with no more filters than
   * channels; else ConvTranspose, which copies each channel once for each tap instead of each
   * filter.
   */
  private static String maps(Adjoint node, String gradient, WindowTaps window, long groups) {
    GraphWriter graph = node.graph();
    long[] weights = node.shape(1);
    boolean narrow = weights[0] <= groups * weights[1];
    if (window.isPointwise() || (window.isDense() && narrow)) {
      String kernel = turned(node, window, groups);
      return graph.write(
          "Conv", List.of(gradient, kernel), attributes(window, groups, window.padsBack()));
    }
    long[] missing = new long[window.axes()];
    Arrays.setAll(missing, window::left);
    Onnx.AttributeProto[] attributes = attributes(window, groups, window.pads());
    Onnx.AttributeProto[] all = Arrays.copyOf(attributes, attributes.length + 1);
    all[attributes.length] = NodeAttributes.numbers("output_padding", missing);
    return graph.write("ConvTranspose", List.of(gradient, node.input(1)), all);
  }

  /** The kernel from outputs to inputs, in each group, its taps in reverse order. */
  private static String turned(Adjoint node, WindowTaps window, long groups) {
    GraphWriter graph = node.graph();
    long[] weights = node.shape(1);
    long filters = weights[0] / groups;
    long channels = weights[1];
    int taps = window.taps();
    String kernel = node.input(1);
    if (taps > 1) {
      String rows = graph.reshape(kernel, -1, taps);
      kernel = Products.matMul(graph, rows, reversal(node, taps));
    }
    kernel = graph.reshape(kernel, groups, filters, channels, taps);
    if (filters > 1 && channels > 1) {
      kernel = graph.transpose(kernel, 0, 2, 1, 3);
    }
    long[] dims = weights.clone();
    dims[0] = groups * channels;
    dims[1] = filters;
    return graph.reshape(kernel, dims);
  }

  /** The matrix that reverses a row: a product with it is faster than a Slice in steps of -1. */
  private static String reversal(Adjoint node, int taps) {
    float[] matrix = new float[taps * taps];
    for (int row = 0; row < taps; row++) {
      matrix[row * taps + taps - 1 - row] = 1;
    }
    return node.graph().floats(node.type(1), new long[] {taps, taps}, matrix);
  }

  private static Onnx.AttributeProto[] attributes(WindowTaps window, long groups, long[] pads) {
    return new Onnx.AttributeProto[] {
      NodeAttributes.numbers("dilations", window.dilations()),
      NodeAttributes.number("group", groups),
      NodeAttributes.numbers("kernel_shape", window.kernel()),
      NodeAttributes.numbers("pads", pads),
      NodeAttributes.numbers("strides", window.strides())
    };
  }
}
