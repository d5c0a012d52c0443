package io.pare.model.quantization;

import static io.pare.testing.ModelBuilder.graph;
import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;
import static io.pare.testing.ModelBuilder.real;
import static io.pare.testing.ModelBuilder.seeded;
import static io.pare.testing.ModelBuilder.text;
import static io.pare.testing.Networks.assertSameOutputs;
import static io.pare.testing.Networks.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime says whether a network still computes what it did. */
class RaisedOperatorSetTest {

  private static ModelBuilder small(long set) {
    return seeded(set).opset(set).input("x", -1, 4, 6, 6);
  }

  private static ModelBuilder of(
      long set, String operator, List<String> others, Onnx.AttributeProto... attributes) {
    List<String> inputs = Stream.concat(Stream.of("x"), others.stream()).toList();
    return small(set).node(operator, "n", inputs, List.of("y"), attributes).output("y");
  }

  static Stream<ModelBuilder> networks() {
    return Stream.of(
        of(9, "Clip", List.of(), real("min", -0.5f), real("max", 0.25f)),
        of(9, "Clip", List.of(), real("min", 0)),
        small(12)
            .initializer(ModelBuilder.floats("most", new long[0], 0.5f))
            .node("Clip", "n", List.of("x", "", "most"), List.of("y"))
            .output("y"),
        of(9, "Dropout", List.of(), real("ratio", 0.4f)),
        of(11, "Dropout", List.of()),
        of(9, "Pad", List.of(), ints("pads", 0, 0, 1, 2, 0, 0, 0, 1), real("value", 3)),
        of(10, "Pad", List.of(), ints("pads", 0, 0, 1, 1, 0, 0, 1, 1), text("mode", "reflect")),
        of(9, "Slice", List.of(), ints("starts", 1, 2), ints("ends", 3, 99), ints("axes", 1, 3)),
        of(9, "Slice", List.of(), ints("starts", 0, 1, 0), ints("ends", 99, 3, -1)),
        of(11, "ReduceSum", List.of(), ints("axes", 2, 3), number("keepdims", 0)),
        of(12, "ReduceSum", List.of(), ints("axes", 1)),
        of(9, "Softmax", List.of()),
        of(12, "Softmax", List.of(), number("axis", 3)),
        of(11, "LogSoftmax", List.of(), number("axis", -2)),
        of(10, "Hardmax", List.of(), number("axis", 2)),
        small(11)
            .node("Unsqueeze", "u", List.of("x"), List.of("w"), ints("axes", 2, 4))
            .node("Squeeze", "s", List.of("w"), List.of("y"), ints("axes", 4))
            .output("y"),
        small(12)
            .node(
                "Split",
                "n",
                List.of("x"),
                List.of("a", "b"),
                number("axis", 1),
                ints("split", 1, 3))
            .node("Concat", "c", List.of("b", "a"), List.of("y"), number("axis", 1))
            .output("y"),
        small(12)
            .node("Split", "n", List.of("x"), List.of("a", "b"), number("axis", 2))
            .node("Sub", "c", List.of("b", "a"), List.of("y"))
            .output("y"),
        small(9)
            .node(
                "TopK",
                "n",
                List.of("x"),
                List.of("y", "places"),
                number("k", 2),
                number("axis", 1))
            .output("y"),
        scaled(9, "Upsample", "nearest", 2, 3),
        scaled(9, "Upsample", "linear", 2, 2),
        scaled(10, "Resize", "nearest", 0.5f, 1.5f),
        scaled(10, "Resize", "linear", 1.5f, 2.5f),
        small(10)
            .initializer(
                Tensors.of("places", new long[] {1, 0}).toBuilder()
                    .clearDims()
                    .addDims(1)
                    .addDims(2)
                    .addDims(1)
                    .addDims(1)
                    .build())
            .initializer(ModelBuilder.floats("updates", new long[] {1, 2, 1, 1}, 7, 8))
            .node(
                "Scatter",
                "n",
                List.of("one", "places", "updates"),
                List.of("t"),
                number("axis", 1))
            .initializer(ModelBuilder.floats("one", new long[] {1, 4, 1, 1}, 1, 2, 3, 4))
            .node("Mul", "m", List.of("x", "t"), List.of("y"))
            .output("y"));
  }

  private static ModelBuilder scaled(
      long set, String operator, String mode, float rows, float columns) {
    return small(set)
        .initializer(ModelBuilder.floats("scales", new long[] {4}, 1, 1, rows, columns))
        .node(operator, "n", List.of("x", "scales"), List.of("y"), text("mode", mode))
        .output("y");
  }

  @ParameterizedTest
  @MethodSource("networks")
  void whatIsRaisedComputesTheSame(ModelBuilder model) {
    OnnxNetwork network = read(model);

    OnnxNetwork raised = RaisedOperatorSet.of(network);

    assertThat(raised.opset()).isEqualTo(13);
    assertSameOutputs(raised, network, 1e-6f);
  }

  @Test
  void anOlderNetworkIsWrittenInEightBits() {
    OnnxNetwork network =
        read(
            small(10)
                .conv("c", "x", 8, 4, 3)
                .node("Clip", "r", List.of("c"), List.of("r"), real("min", 0), real("max", 6))
                .node("Dropout", "d", List.of("r"), List.of("d"))
                .flatten("flat", "d")
                .gemm("dense", "flat", 3, 128)
                .softmax("y", "dense")
                .output("y"));

    OnnxNetwork written = Precision.INT8.draft(network);

    assertThat(written.nodes()).extracting(Onnx.NodeProto::getOpType).contains("DequantizeLinear");
    assertThat(io.pare.testing.Networks.run(written, 1).shape()).containsExactly(1, 3);
  }

  @Test
  void aNewerNetworkStaysAsItIs() {
    OnnxNetwork network = read(of(13, "Relu", List.of()));

    assertThat(RaisedOperatorSet.of(network)).isSameAs(network);
    assertThat(Precision.FP16.prepared(network)).isSameAs(network);
  }

  @Test
  void whatCannotBeRaisedIsRefusedWithARemedy() {
    Onnx.GraphProto body =
        seeded(1)
            .node("Softmax", "inner", List.of("x"), List.of("z"), number("axis", 1))
            .output("z")
            .graph();
    OnnxNetwork network =
        read(
            small(12)
                .initializer(
                    ModelBuilder.tensor("always", Onnx.TensorProto.DataType.BOOL)
                        .addInt32Data(1)
                        .build())
                .node(
                    "If",
                    "branch",
                    List.of("always"),
                    List.of("y"),
                    graph("then_branch", body),
                    graph("else_branch", body))
                .output("y"));

    assertThatThrownBy(() -> Precision.INT8.prepared(network))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("precision = int8 and int4 need operator set 13")
        .hasMessageContaining("the network has 12")
        .hasMessageContaining("node branch (If) holds nodes that mean something else there")
        .hasMessageContaining("onnx.version_converter");
  }
}
