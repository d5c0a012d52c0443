package io.pare.model.gradient;

import io.pare.model.NodeAttributes;
import io.pare.model.Tensors;
import io.pare.model.gradient.graph.GraphWriter;
import io.pare.model.gradient.graph.OperatorSet;
import io.pare.model.gradient.graph.WindowTaps;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Pools over windows: averages are linear, maxima choose one value each. Stateless. */
final class Pools {
  private static final int MOST_AXES = 2;
  private static final long[] ONE = {1};

  private Pools() {}

  private static WindowTaps window(Adjoint node) {
    int[] kernel = NodeAttributes.numbers(node.node(), "kernel_shape");
    return WindowTaps.of(
        node.node(),
        Arrays.stream(kernel).asLongStream().toArray(),
        node.shape(0),
        node.shape(node.output()));
  }

  /** Whether the shape of the windows is known and none hangs over the padding that it counts. */
  static boolean averagesKnown(Adjoint node) {
    if (!Adjoint.isBatch(node.shape(0)) || node.shape(0).length > 2 + MOST_AXES) {
      return false;
    }
    WindowTaps window = window(node);
    boolean hangsOver = IntStream.range(0, window.axes()).anyMatch(a -> window.left(a) < 0);
    return !(hangsOver && NodeAttributes.number(node.node(), "count_include_pad", 0) == 1);
  }

  static void average(Adjoint node) {
    WindowTaps window = window(node);
    boolean withPads = NodeAttributes.number(node.node(), "count_include_pad", 0) == 1;
    int axes = window.axes();
    float[][] matrices = new float[axes][];
    int[] in = new int[axes];
    int[] out = new int[axes];
    for (int a = 0; a < axes; a++) {
      in[a] = (int) window.in()[a];
      out[a] = (int) window.out()[a];
      matrices[a] = averages(window, a, withPads);
    }
    SeparableMap map = new SeparableMap(matrices, in, out);
    node.give(0, map.transposed(node.graph(), node.type(), node.gradient()));
  }

  private static float[] averages(WindowTaps window, int axis, boolean withPads) {
    int in = (int) window.in()[axis];
    int out = (int) window.out()[axis];
    float[] matrix = new float[in * out];
    for (int o = 0; o < out; o++) {
      long first = o * window.strides()[axis] - window.before()[axis];
      long dilation = window.dilations()[axis];
      long inside =
          IntStream.range(0, (int) window.kernel()[axis])
              .mapToLong(k -> first + k * dilation)
              .filter(i -> i >= 0 && i < in)
              .count();
      for (int k = 0; k < window.kernel()[axis]; k++) {
        long i = first + k * dilation;
        if (i >= 0 && i < in) {
          matrix[o * in + (int) i] += 1f / (withPads ? window.kernel()[axis] : inside);
        }
      }
    }
    return matrix;
  }

  /** Whether the places of the maxima count rows before columns, as everywhere else. */
  static boolean maximaKnown(Adjoint node) {
    return NodeAttributes.number(node.node(), "storage_order", 0) == 0
        && Adjoint.isBatch(node.shape(0))
        && node.node().getOutputCount() <= 1;
  }

  /**
   * Puts each gradient where its maximum was. A ReLU that nothing else reads is passed on the way,
   * while there are fewer values: a maximum of zero is the only one that it stops.
   */
  static void maximum(Adjoint node) {
    GraphWriter graph = node.graph();
    Optional<Onnx.NodeProto> relu = node.soleProducer(0, "Relu");
    if (relu.isEmpty()) {
      node.give(0, scattered(node, node.gradient()));
      return;
    }
    String positive = graph.greater(node.output(), node.scalar(0));
    String gradient = graph.masked(positive, node.gradient(), node.type());
    node.give(relu.get().getInput(0), scattered(node, gradient));
  }

  private static String scattered(Adjoint node, String gradient) {
    GraphWriter graph = node.graph();
    if (graph.opset() < OperatorSet.SCATTER_ADDS) {
      return unpooled(node, gradient);
    }
    String size = graph.reshape(graph.apply("Size", node.input(0)), 1);
    Onnx.TensorProto zero =
        Tensors.of("zero", Onnx.TensorProto.DataType.forNumber(node.type()), ONE, new float[1]);
    String zeros = graph.write("ConstantOfShape", List.of(size), value(zero));
    String sums =
        graph.write(
            "ScatterElements",
            List.of(zeros, graph.reshape(node.indices(), -1), graph.reshape(gradient, -1)),
            NodeAttributes.text("reduction", "add"));
    return graph.reshapeLike(sums, node.input(0), node.shape(0));
  }

  /**
   * Windows that overlap may share a maximum: they are dealt out so that in each part none overlap,
   * and the parts are added.
   */
  private static String unpooled(Adjoint node, String gradient) {
    GraphWriter graph = node.graph();
    WindowTaps window = window(node);
    int axes = window.axes();
    long[] parts = new long[axes];
    for (int a = 0; a < axes; a++) {
      long overlapping = (window.extent(a) + window.strides()[a] - 1) / window.strides()[a];
      parts[a] = Math.min(overlapping, window.out()[a]);
    }
    String shape = graph.apply("Shape", node.input(0));
    int[] along = IntStream.range(2, axes + 2).toArray();
    List<String> scattered = new ArrayList<>();
    long[] unit = new long[axes];
    Arrays.fill(unit, 1);
    for (int part = 0; part < WindowTaps.product(parts); part++) {
      long[] starts = starts(part, parts);
      long[] counts = new long[axes];
      Arrays.setAll(counts, a -> (window.out()[a] - starts[a] + parts[a] - 1) / parts[a]);
      String values = graph.slice(gradient, along, starts, counts, parts);
      String places = graph.slice(node.indices(), along, starts, counts, parts);
      scattered.add(
          graph.write(
              "MaxUnpool",
              List.of(values, places, shape),
              NodeAttributes.numbers("kernel_shape", unit)));
    }
    return graph.total(scattered);
  }

  private static Onnx.AttributeProto value(Onnx.TensorProto tensor) {
    return Onnx.AttributeProto.newBuilder()
        .setName("value")
        .setType(Onnx.AttributeProto.AttributeType.TENSOR)
        .setT(tensor)
        .build();
  }

  private static long[] starts(int part, long[] parts) {
    long[] starts = new long[parts.length];
    int rest = part;
    for (int a = parts.length - 1; a >= 0; a--) {
      starts[a] = rest % parts[a];
      rest /= (int) parts[a];
    }
    return starts;
  }
}
