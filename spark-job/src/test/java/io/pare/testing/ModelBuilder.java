package io.pare.testing;

import com.google.protobuf.ByteString;
import io.pare.model.proto.Onnx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;

/**
 * Builds small ONNX networks in code, weights from a seed. Every layer method takes the name of the
 * node, which is also the name of its output, and the names of its inputs; the weights of layer
 * {@code a} are called {@code a.weight} and {@code a.bias}.
 */
public final class ModelBuilder {
  private final Onnx.GraphProto.Builder graph = Onnx.GraphProto.newBuilder().setName("test");
  private final Random random;
  private long opset = 17;
  private long irVersion = 8;

  private ModelBuilder(long seed) {
    random = new Random(seed);
  }

  /** An empty network of opset 17 whose weights come from {@code seed}. */
  public static ModelBuilder seeded(long seed) {
    return new ModelBuilder(seed);
  }

  public ModelBuilder opset(long version) {
    opset = version;
    return this;
  }

  public ModelBuilder irVersion(long version) {
    irVersion = version;
    return this;
  }

  /** A float input; a negative dimension becomes the symbol N. */
  public ModelBuilder input(String name, long... dims) {
    graph.addInput(floatValue(name, dims));
    return this;
  }

  /** A float output; a negative dimension becomes the symbol N. */
  public ModelBuilder output(String name, long... dims) {
    graph.addOutput(floatValue(name, dims));
    return this;
  }

  public ModelBuilder initializer(Onnx.TensorProto tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  /** A float initializer of normal values, variance 2 over the number of inputs of a filter. */
  public ModelBuilder weights(String name, long... dims) {
    int elements = 1;
    for (long dim : dims) {
      elements = Math.toIntExact(elements * dim);
    }
    double scale = Math.sqrt(2.0 * Math.max(1, dims[0]) / Math.max(1, elements));
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return initializer(floats(name, dims, values));
  }

  /** Convolution with bias; weights are filters x channels of a group x rows x columns. */
  public ModelBuilder conv(
      String name,
      String input,
      int filters,
      int channels,
      int kernel,
      Onnx.AttributeProto... attributes) {
    weights(name + ".weight", filters, channels, kernel, kernel);
    weights(name + ".bias", filters);
    return node(
        "Conv", name, List.of(input, name + ".weight", name + ".bias"), List.of(name), attributes);
  }

  /** Fully connected layer with bias; weights are outputs x inputs, transB = 1. */
  public ModelBuilder gemm(String name, String input, int outputs, int inputs) {
    weights(name + ".weight", outputs, inputs);
    weights(name + ".bias", outputs);
    return node(
        "Gemm",
        name,
        List.of(input, name + ".weight", name + ".bias"),
        List.of(name),
        number("transB", 1));
  }

  /** Batch normalisation of inference with seeded scale, bias and mean and variances above 0.5. */
  public ModelBuilder batchNormalization(String name, String input, int channels) {
    weights(name + ".scale", channels);
    weights(name + ".bias", channels);
    weights(name + ".mean", channels);
    float[] variance = new float[channels];
    for (int i = 0; i < channels; i++) {
      variance[i] = 0.5f + random.nextFloat();
    }
    initializer(floats(name + ".var", new long[] {channels}, variance));
    return node(
        "BatchNormalization",
        name,
        List.of(input, name + ".scale", name + ".bias", name + ".mean", name + ".var"),
        List.of(name));
  }

  public ModelBuilder relu(String name, String input) {
    return node("Relu", name, List.of(input), List.of(name));
  }

  public ModelBuilder add(String name, String left, String right) {
    return node("Add", name, List.of(left, right), List.of(name));
  }

  /** Concatenation along the channels. */
  public ModelBuilder concat(String name, String... inputs) {
    return node("Concat", name, List.of(inputs), List.of(name), number("axis", 1));
  }

  public ModelBuilder maxPool(String name, String input, int kernel, int stride) {
    return node(
        "MaxPool",
        name,
        List.of(input),
        List.of(name),
        ints("kernel_shape", kernel, kernel),
        ints("strides", stride, stride));
  }

  public ModelBuilder averagePool(String name, String input, int kernel, int stride) {
    return node(
        "AveragePool",
        name,
        List.of(input),
        List.of(name),
        ints("kernel_shape", kernel, kernel),
        ints("strides", stride, stride));
  }

  public ModelBuilder globalAveragePool(String name, String input) {
    return node("GlobalAveragePool", name, List.of(input), List.of(name));
  }

  public ModelBuilder flatten(String name, String input) {
    return node("Flatten", name, List.of(input), List.of(name), number("axis", 1));
  }

  public ModelBuilder softmax(String name, String input) {
    return node("Softmax", name, List.of(input), List.of(name), number("axis", 1));
  }

  /** Any node of the default domain. */
  public ModelBuilder node(
      String operator,
      String name,
      List<String> inputs,
      List<String> outputs,
      Onnx.AttributeProto... attributes) {
    return node(
        Onnx.NodeProto.newBuilder()
            .setOpType(operator)
            .setName(name)
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(List.of(attributes))
            .build());
  }

  public ModelBuilder node(Onnx.NodeProto node) {
    graph.addNode(node);
    return this;
  }

  /** The graph alone, to be the body of an If, Loop or Scan. */
  public Onnx.GraphProto graph() {
    return graph.build();
  }

  public Onnx.ModelProto build() {
    return Onnx.ModelProto.newBuilder()
        .setIrVersion(irVersion)
        .setProducerName("test")
        .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build();
  }

  public byte[] bytes() {
    return build().toByteArray();
  }

  /** A float tensor in raw_data. */
  public static Onnx.TensorProto floats(String name, long[] dims, float... values) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return tensor(name, Onnx.TensorProto.DataType.FLOAT, dims)
        .setRawData(ByteString.copyFrom(raw))
        .build();
  }

  /** A tensor without values. */
  public static Onnx.TensorProto.Builder tensor(
      String name, Onnx.TensorProto.DataType type, long... dims) {
    Onnx.TensorProto.Builder tensor =
        Onnx.TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    return tensor;
  }

  public static Onnx.AttributeProto number(String name, long value) {
    return attribute(name, Onnx.AttributeProto.AttributeType.INT).setI(value).build();
  }

  public static Onnx.AttributeProto real(String name, float value) {
    return attribute(name, Onnx.AttributeProto.AttributeType.FLOAT).setF(value).build();
  }

  public static Onnx.AttributeProto text(String name, String value) {
    return attribute(name, Onnx.AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  public static Onnx.AttributeProto ints(String name, long... values) {
    Onnx.AttributeProto.Builder attribute = attribute(name, Onnx.AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  public static Onnx.AttributeProto tensor(String name, Onnx.TensorProto value) {
    return attribute(name, Onnx.AttributeProto.AttributeType.TENSOR).setT(value).build();
  }

  public static Onnx.AttributeProto graph(String name, Onnx.GraphProto body) {
    return attribute(name, Onnx.AttributeProto.AttributeType.GRAPH).setG(body).build();
  }

  private static Onnx.AttributeProto.Builder attribute(
      String name, Onnx.AttributeProto.AttributeType type) {
    return Onnx.AttributeProto.newBuilder().setName(name).setType(type);
  }

  private static Onnx.ValueInfoProto floatValue(String name, long... dims) {
    Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
    for (long dim : dims) {
      shape.addDim(
          dim < 0
              ? Onnx.TensorShapeProto.Dimension.newBuilder().setDimParam("N")
              : Onnx.TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    return Onnx.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            Onnx.TypeProto.newBuilder()
                .setTensorType(
                    Onnx.TypeProto.Tensor.newBuilder()
                        .setElemType(Onnx.TensorProto.DataType.FLOAT_VALUE)
                        .setShape(shape)))
        .build();
  }
}
