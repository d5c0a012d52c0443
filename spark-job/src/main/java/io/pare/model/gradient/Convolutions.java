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
 * kernel, that of the kernel a matrix product over all positions, that of the bias a sum.
 * Stateless.
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
    WindowTaps window = window(node, node.shape(0), node.shape(node.output()));
    long groups = NodeAttributes.number(node.node(), "group", 1);
    if (node.wants(0)) {
      node.give(0, maps(node, window, groups));
    }
    if (node.wants(1)) {
      KernelGradient kernel = new KernelGradient(node.graph(), window, groups, node.shape(1));
      node.give(1, kernel.of(node.input(0), node.gradient()));
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

  /** ConvTranspose, or for kernels of one tap the convolution with the turned kernel. */
  private static String maps(Adjoint node, WindowTaps window, long groups) {
    GraphWriter graph = node.graph();
    int axes = window.axes();
    if (window.isPointwise()) {
      String kernel = turned(node, groups);
      return graph.write(
          "Conv", List.of(node.gradient(), kernel), attributes(window, groups, window.pads()));
    }
    long[] missing = new long[axes];
    Arrays.setAll(missing, window::left);
    Onnx.AttributeProto[] attributes = attributes(window, groups, window.pads());
    Onnx.AttributeProto[] all = Arrays.copyOf(attributes, attributes.length + 1);
    all[attributes.length] = NodeAttributes.numbers("output_padding", missing);
    return graph.write("ConvTranspose", List.of(node.gradient(), node.input(1)), all);
  }

  /** The kernel of one tap from outputs to inputs, in each group. */
  private static String turned(Adjoint node, long groups) {
    GraphWriter graph = node.graph();
    long[] weights = node.shape(1);
    long filters = weights[0] / groups;
    long channels = weights[1];
    String kernel = graph.reshape(node.input(1), groups, filters, channels);
    if (filters > 1 && channels > 1) {
      kernel = graph.transpose(kernel, 0, 2, 1);
    }
    long[] dims = weights.clone();
    dims[0] = groups * channels;
    dims[1] = filters;
    return graph.reshape(kernel, dims);
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
