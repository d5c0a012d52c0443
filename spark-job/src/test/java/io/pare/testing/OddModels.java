package io.pare.testing;

import static io.pare.testing.ModelBuilder.floats;
import static io.pare.testing.ModelBuilder.graph;
import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;

import com.google.protobuf.ByteString;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import io.pare.model.proto.Onnx.TensorProto.DataType;
import java.util.List;

/** Valid networks of which not every layer can be compressed, all for images of 3 x 28 x 28. */
public final class OddModels {
  private static final int CHANNELS = 24;

  private OddModels() {}

  /** Two plain convolutions, behind them each odd kind of layer, and a plain classifier. */
  public static byte[] everyOddLayer() {
    ModelBuilder model =
        ModelBuilder.seeded(41)
            .input("x", -1, 3, 28, 28)
            .conv("stem", "x", 12, 3, 3, ints("strides", 2, 2), ints("pads", 1, 1, 1, 1))
            .relu("r1", "stem")
            .conv("wide", "r1", CHANNELS, 12, 3, ints("strides", 2, 2), ints("pads", 1, 1, 1, 1))
            .relu("r2", "wide");
    shared(model, "r2");
    depthwise(model, "second");
    curved(model, "r4");
    constant(model, "curve");
    overridable(model, "r5");
    branch(model, "r6");
    loop(model, "branch");
    quantised(model, "loop");
    return model
        .globalAveragePool("mean", "quantised")
        .flatten("flat", "mean")
        .gemm("dense", "flat", 10, CHANNELS)
        .output("dense", -1, 10)
        .bytes();
  }

  private static void shared(ModelBuilder model, String input) {
    model
        .weights("both.weight", CHANNELS, CHANNELS, 1, 1)
        .node("Conv", "first", List.of(input, "both.weight"), List.of("first"))
        .relu("r3", "first")
        .node("Conv", "second", List.of("r3", "both.weight"), List.of("second"));
  }

  private static void depthwise(ModelBuilder model, String input) {
    model
        .conv(
            "depthwise", input, CHANNELS, 1, 3, number("group", CHANNELS), ints("pads", 1, 1, 1, 1))
        .relu("r4", "depthwise");
  }

  private static void curved(ModelBuilder model, String input) {
    model
        .conv("curved", input, CHANNELS, CHANNELS, 1)
        .node("Sigmoid", "curve", List.of("curved"), List.of("curve"));
  }

  private static void constant(ModelBuilder model, String input) {
    Onnx.GraphProto holder = ModelBuilder.seeded(42).weights("w", CHANNELS, CHANNELS, 1, 1).graph();
    model
        .node(
            "Constant",
            "k",
            List.of(),
            List.of("constant.weight"),
            ModelBuilder.tensor("value", holder.getInitializer(0)))
        .node("Conv", "constant", List.of(input, "constant.weight"), List.of("constant"))
        .relu("r5", "constant");
  }

  private static void overridable(ModelBuilder model, String input) {
    model
        .input("overridable.weight", CHANNELS, CHANNELS, 1, 1)
        .conv("overridable", input, CHANNELS, CHANNELS, 1)
        .relu("r6", "overridable");
  }

  private static void branch(ModelBuilder model, String input) {
    Onnx.GraphProto taken =
        ModelBuilder.seeded(43).conv("in If", input, CHANNELS, CHANNELS, 1).output("in If").graph();
    Onnx.GraphProto other = ModelBuilder.seeded(44).relu("as is", input).output("as is").graph();
    model
        .initializer(ModelBuilder.tensor("yes", DataType.BOOL).addInt32Data(1).build())
        .node(
            "If",
            "branch",
            List.of("yes"),
            List.of("branch"),
            graph("then_branch", taken),
            graph("else_branch", other));
  }

  private static void loop(ModelBuilder model, String input) {
    Onnx.GraphProto body =
        ModelBuilder.seeded(45)
            .node("Identity", "on", List.of("go"), List.of("on"))
            .conv("in Loop", "state", CHANNELS, CHANNELS, 1)
            .graph()
            .toBuilder()
            .addInput(value("iteration", DataType.INT64, 0))
            .addInput(value("go", DataType.BOOL, 0))
            .addInput(value("state", DataType.FLOAT, 4))
            .addOutput(value("on", DataType.BOOL, 0))
            .addOutput(value("in Loop", DataType.FLOAT, 4))
            .build();
    model
        .initializer(ModelBuilder.tensor("twice", DataType.INT64).addInt64Data(2).build())
        .node("Loop", "loop", List.of("twice", "yes", input), List.of("loop"), graph("body", body));
  }

  /** A value of so many dimensions, all unknown. */
  private static Onnx.ValueInfoProto value(String name, DataType type, int rank) {
    Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
    for (int k = 0; k < rank; k++) {
      shape.addDimBuilder();
    }
    Onnx.TypeProto.Tensor.Builder tensor =
        Onnx.TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape);
    return Onnx.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(Onnx.TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static void quantised(ModelBuilder model, String input) {
    byte[] values = new byte[CHANNELS * CHANNELS];
    for (int k = 0; k < values.length; k++) {
      values[k] = (byte) (k * 37 % 101 - 50);
    }
    model
        .initializer(
            ModelBuilder.tensor("eighth", DataType.INT8, CHANNELS, CHANNELS, 1, 1)
                .setRawData(ByteString.copyFrom(values))
                .build())
        .initializer(floats("scale", new long[0], 0.005f))
        .node("DequantizeLinear", "wider", List.of("eighth", "scale"), List.of("wider"))
        .node("Conv", "quantised", List.of(input, "wider"), List.of("quantised"));
  }

  /** A convolution and a Loop that never ends, for images of 3 x 8 x 8. */
  public static ModelBuilder endlessLoop() {
    Onnx.GraphProto body =
        ModelBuilder.seeded(47)
            .node("Identity", "on", List.of("go"), List.of("on"))
            .relu("next", "state")
            .graph()
            .toBuilder()
            .addInput(value("iteration", DataType.INT64, 0))
            .addInput(value("go", DataType.BOOL, 0))
            .addInput(value("state", DataType.FLOAT, 4))
            .addOutput(value("on", DataType.BOOL, 0))
            .addOutput(value("next", DataType.FLOAT, 4))
            .build();
    return ModelBuilder.seeded(48)
        .input("x", -1, 3, 8, 8)
        .conv("conv", "x", 4, 3, 3)
        .initializer(ModelBuilder.tensor("yes", DataType.BOOL).addInt32Data(1).build())
        .node("Loop", "loop", List.of("", "yes", "conv"), List.of("loop"), graph("body", body))
        .output("loop", -1, 4, 6, 6);
  }

  /**
   * A pool that leaves no row, for which ONNX Runtime ends its process, behind a reshaping at which
   * arithmetic loses the sizes; for images of 3 x 8 x 8.
   */
  public static ModelBuilder crash() {
    return ModelBuilder.seeded(1)
        .input("x", -1, 3, 8, 8)
        .maxPool("small", "x", 8, 8)
        .initializer(
            ModelBuilder.tensor("dims", DataType.INT64, 4)
                .addInt64Data(0)
                .addInt64Data(3)
                .addInt64Data(1)
                .addInt64Data(1)
                .build())
        .node("Reshape", "same", List.of("small", "dims"), List.of("same"))
        .conv("wide", "same", 16, 3, 1)
        .maxPool("nothing", "wide", 3, 2)
        .globalAveragePool("mean", "nothing")
        .output("mean", -1, 16, 1, 1);
  }

  /** A network whose only layer is quantised. */
  public static byte[] quantisedAlone() {
    ModelBuilder model =
        ModelBuilder.seeded(46)
            .input("x", -1, 3, 28, 28)
            .concat("channels", "x", "x", "x", "x", "x", "x", "x", "x");
    quantised(model, "channels");
    return model.globalAveragePool("mean", "quantised").output("mean", -1, CHANNELS, 1, 1).bytes();
  }

  /** The same network with weights, and between them values, of half precision. */
  public static byte[] inHalfPrecision(byte[] network) throws java.io.IOException {
    Onnx.ModelProto.Builder model = Onnx.ModelProto.parseFrom(network).toBuilder();
    Onnx.GraphProto.Builder graph = model.getGraphBuilder();
    String input = graph.getInput(0).getName();
    String output = graph.getOutput(0).getName();
    for (Onnx.TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
      Onnx.TensorProto wide = tensor.build();
      long[] dims = wide.getDimsList().stream().mapToLong(Long::longValue).toArray();
      tensor
          .clear()
          .mergeFrom(Tensors.of(wide.getName(), DataType.FLOAT16, dims, Tensors.floats(wide)));
    }
    for (Onnx.NodeProto.Builder node : graph.getNodeBuilderList()) {
      for (int k = 0; k < node.getInputCount(); k++) {
        node.setInput(k, node.getInput(k).equals(input) ? "half input" : node.getInput(k));
      }
      node.setOutput(0, node.getOutput(0).equals(output) ? "half output" : node.getOutput(0));
    }
    graph.addNode(0, cast("narrow", input, "half input", DataType.FLOAT16));
    graph.addNode(cast("widen", "half output", output, DataType.FLOAT));
    return model.build().toByteArray();
  }

  private static Onnx.NodeProto cast(String name, String from, String to, DataType type) {
    return Onnx.NodeProto.newBuilder()
        .setOpType("Cast")
        .setName(name)
        .addInput(from)
        .addOutput(to)
        .addAttribute(number("to", type.getNumber()))
        .build();
  }
}
