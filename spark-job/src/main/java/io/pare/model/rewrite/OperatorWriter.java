package io.pare.model.rewrite;

import io.pare.algorithm.structure.Window;
import io.pare.model.Convolution;
import io.pare.model.Layer;
import io.pare.model.LayerNodes;
import io.pare.model.LayerWeights;
import io.pare.model.NodeAttributes;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Writes the operators that one layer is replaced with, in the style of the layer's own: the same
 * operator, weight type and transposition. Every method returns the name of the tensor it writes.
 * Names come from the layer's and are the same on every run.
 */
final class OperatorWriter {
  /** Since then Split takes the sizes as an input. */
  private static final int SPLIT_SIZES_ARE_INPUT = 13;

  /** Since then Gemm may have no bias. */
  private static final int GEMM_BIAS_IS_OPTIONAL = 11;

  private final GraphEdit edit;
  private final Layer layer;
  private final Onnx.NodeProto original;
  private final Onnx.TensorProto.DataType type;
  private final List<Onnx.NodeProto> nodes = new ArrayList<>();

  OperatorWriter(GraphEdit edit, Layer layer) {
    this.edit = edit;
    this.layer = layer;
    this.original = LayerNodes.of(edit.network(), layer).main();
    this.type = LayerWeights.type(edit.network(), layer);
  }

  /** How the layer's kernel moves. */
  Convolution convolution() {
    if (layer.operator().isFullyConnected()) {
      return Convolution.pointwise();
    }
    Onnx.TensorProto weight = edit.network().constant(original.getInput(1)).orElseThrow();
    return Convolution.of(original, Tensors.dims(weight));
  }

  /** The nodes written so far, the last of them writing to {@code output}. */
  List<Onnx.NodeProto> finish(String output) {
    int last = nodes.size() - 1;
    List<Onnx.NodeProto> finished = new ArrayList<>(nodes);
    finished.set(last, nodes.get(last).toBuilder().setOutput(0, output).build());
    return finished;
  }

  /** A factor of all groups with its bias; a bias of zeros is left out. */
  String factor(String input, WrittenFactor factor, double[] bias) {
    return switch (layer.operator()) {
      case CONV, CONV_TRANSPOSE -> convolve(input, factor, bias);
      case GEMM -> gemm(input, factor, bias);
      case MATMUL -> {
        String product = node("MatMul", List.of(input, product(factor, true)), List.of());
        yield isZero(bias) ? product : add(product, vector("bias", bias));
      }
    };
  }

  private String convolve(String input, WrittenFactor factor, double[] bias) {
    int groups = factor.kernels().size();
    Window window = factor.convolution().window();
    LongStream dims =
        window.transposed()
            ? LongStream.of((long) groups * factor.channels(), factor.rows())
            : LongStream.of((long) groups * factor.rows(), factor.channels());
    LongStream taps = window.axes().stream().mapToLong(Window.Axis::taps);
    float[] values = window.transposed() ? turned(factor) : factor.values();
    List<String> inputs = new ArrayList<>(List.of(input));
    inputs.add(
        edit.constant(name("weight"), type, LongStream.concat(dims, taps).toArray(), values));
    if (!isZero(bias)) {
      inputs.add(edit.constant(name("bias"), type, new long[] {bias.length}, floats(bias)));
    }
    return node(
        window.transposed() ? "ConvTranspose" : "Conv",
        inputs,
        factor.convolution().attributes(groups));
  }

  /** The weights of all groups as ConvTranspose keeps them: channels x filters x taps. */
  private static float[] turned(WrittenFactor factor) {
    int rows = factor.rows();
    int channels = factor.channels();
    int taps = factor.convolution().window().taps();
    float[] values = factor.values();
    float[] turned = new float[values.length];
    for (int g = 0; g < factor.kernels().size(); g++) {
      for (int i = 0; i < rows; i++) {
        for (int c = 0; c < channels; c++) {
          int from = ((g * rows + i) * channels + c) * taps;
          int to = ((g * channels + c) * rows + i) * taps;
          System.arraycopy(values, from, turned, to, taps);
        }
      }
    }
    return turned;
  }

  private String gemm(String input, WrittenFactor factor, double[] bias) {
    boolean transposed = NodeAttributes.number(original, "transB", 0) == 0;
    List<String> inputs = new ArrayList<>(List.of(input, product(factor, transposed)));
    if (!isZero(bias) || edit.network().opset() < GEMM_BIAS_IS_OPTIONAL) {
      inputs.add(edit.constant(name("bias"), type, new long[] {bias.length}, floats(bias)));
    }
    return node(
        "Gemm", inputs, transposed ? List.of() : List.of(NodeAttributes.number("transB", 1)));
  }

  /** The weights of a matrix product, stored n x d or, transposed, d x n. */
  private String product(WrittenFactor factor, boolean transposed) {
    int rows = factor.rows();
    int columns = factor.channels();
    float[] values = factor.values();
    if (!transposed) {
      return edit.constant(name("weight"), type, new long[] {rows, columns}, values);
    }
    float[] turned = new float[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = values[i * columns + j];
      }
    }
    return edit.constant(name("weight"), type, new long[] {columns, rows}, turned);
  }

  /** The channels of a tensor in this order, any of them left out or repeated. */
  String gather(String input, int[] channels) {
    String indices = edit.indices(name("channels"), channels);
    return node(
        "Gather", List.of(input, indices), List.of(NodeAttributes.number("axis", channelAxis())));
  }

  String concat(List<String> inputs) {
    return node("Concat", inputs, List.of(NodeAttributes.number("axis", channelAxis())));
  }

  /** The channels of a tensor in equal parts. */
  List<String> split(String input, int parts, int size) {
    List<String> outputs =
        IntStream.range(0, parts).mapToObj(i -> edit.fresh(name("split"))).toList();
    Onnx.NodeProto.Builder node =
        Onnx.NodeProto.newBuilder()
            .setName(edit.fresh(name("Split")))
            .setOpType("Split")
            .addInput(input)
            .addAllOutput(outputs)
            .addAttribute(NodeAttributes.number("axis", channelAxis()));
    int[] sizes = IntStream.generate(() -> size).limit(parts).toArray();
    if (edit.network().opset() < SPLIT_SIZES_ARE_INPUT) {
      long[] numbers = IntStream.of(sizes).asLongStream().toArray();
      node.addAttribute(NodeAttributes.numbers("split", numbers));
    } else {
      node.addInput(edit.indices(name("sizes"), sizes));
    }
    nodes.add(node.build());
    return outputs;
  }

  String add(String left, String right) {
    return node("Add", List.of(left, right), List.of());
  }

  String multiply(String left, String right) {
    return node("Mul", List.of(left, right), List.of());
  }

  /** A constant with one value for each channel. */
  String vector(String role, double[] values) {
    long[] dims =
        new long[layer.operator().isFullyConnected() ? 1 : layer.window().axes().size() + 2];
    Arrays.fill(dims, 1);
    dims[layer.operator().isFullyConnected() ? 0 : 1] = values.length;
    return edit.constant(name(role), type, dims, floats(values));
  }

  private String node(String operator, List<String> inputs, List<Onnx.AttributeProto> attributes) {
    String output = edit.fresh(name(operator + "_output"));
    nodes.add(
        Onnx.NodeProto.newBuilder()
            .setName(edit.fresh(name(operator)))
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(attributes)
            .build());
    return output;
  }

  private String name(String role) {
    return layer.name() + "/pare/" + role;
  }

  private int channelAxis() {
    return layer.operator() == Layer.Operator.MATMUL ? -1 : 1;
  }

  private static boolean isZero(double[] values) {
    for (double value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
