package io.pare.model.gradient;

import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.TensorData;
import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole small networks, and what a gradient network says about itself. */
class GradientNetworkTest {
  private static ModelBuilder images(long seed) {
    return ModelBuilder.seeded(seed).input("images", -1, 3, 8, 8);
  }

  /** Smooth, so that differences are exact where a ReLU would fold. */
  private static ModelBuilder smooth(ModelBuilder model, String name, String input) {
    return model.node("Softplus", name, List.of(input), List.of(name));
  }

  @Test
  void residualBlockWithAStride() {
    ModelBuilder model =
        images(1).conv("first", "images", 4, 3, 3, ints("strides", 2, 2), ints("pads", 1, 1, 1, 1));
    smooth(model.batchNormalization("norm", "first", 4), "act", "norm")
        .conv("second", "act", 4, 4, 3, ints("pads", 1, 1, 1, 1))
        .conv("shortcut", "images", 4, 3, 1, ints("strides", 2, 2))
        .add("sum", "second", "shortcut");
    smooth(model, "out", "sum")
        .globalAveragePool("mean", "out")
        .flatten("flat", "mean")
        .gemm("y", "flat", 3, 4)
        .output("y", -1, 3);
    GradientCheck.assertGradients(
        model,
        "first.weight",
        "first.bias",
        "norm.scale",
        "norm.bias",
        "second.weight",
        "shortcut.weight",
        "y.weight",
        "y.bias");
  }

  @Test
  void inceptionBlock() {
    ModelBuilder model = images(2).conv("reduce", "images", 2, 3, 1);
    smooth(model, "act", "reduce")
        .conv("wide", "act", 3, 2, 3, ints("pads", 1, 1, 1, 1))
        .conv("point", "images", 2, 3, 1)
        .node(
            "AveragePool",
            "pool",
            List.of("images"),
            List.of("pool"),
            ints("kernel_shape", 3, 3),
            ints("pads", 1, 1, 1, 1))
        .conv("projected", "pool", 2, 3, 1)
        .concat("joined", "wide", "point", "projected")
        .conv("y", "joined", 2, 7, 1)
        .output("y", -1, 2, 8, 8);
    GradientCheck.assertGradients(
        model, "reduce.weight", "wide.weight", "point.weight", "projected.weight", "y.weight");
  }

  @Test
  void squeezeAndExcite() {
    ModelBuilder model =
        images(3)
            .conv("conv", "images", 4, 3, 3)
            .globalAveragePool("mean", "conv")
            .conv("less", "mean", 2, 4, 1);
    smooth(model, "act", "less")
        .conv("more", "act", 4, 2, 1)
        .node("Sigmoid", "gate", List.of("more"), List.of("gate"))
        .node("Mul", "y", List.of("conv", "gate"), List.of("y"))
        .output("y", -1, 4, 6, 6);
    GradientCheck.assertGradients(model, "conv.weight", "less.weight", "more.weight", "more.bias");
  }

  @Test
  void tuckerChainOnKeptChannels() {
    ModelBuilder model =
        images(4)
            .initializer(Indices.of("kept", 0, 2))
            .conv("conv", "images", 3, 3, 1)
            .node("Gather", "part", List.of("conv", "kept"), List.of("part"), number("axis", 1))
            .conv("in", "part", 2, 2, 1)
            .conv("core", "in", 2, 2, 3, ints("strides", 2, 2))
            .conv("y", "core", 4, 2, 1)
            .output("y", -1, 4, 3, 3);
    GradientCheck.assertGradients(
        model, "conv.weight", "in.weight", "core.weight", "y.weight", "y.bias");
  }

  @Test
  void depthwiseSeparable() {
    ModelBuilder model =
        images(5).conv("depth", "images", 3, 1, 3, number("group", 3), ints("pads", 1, 1, 1, 1));
    smooth(model, "act", "depth").conv("y", "act", 4, 3, 1).output("y", -1, 4, 8, 8);
    GradientCheck.assertGradients(model, "depth.weight", "depth.bias", "y.weight");
  }

  private static ModelBuilder classifier() {
    return images(6)
        .conv("conv", "images", 4, 3, 3)
        .relu("relu", "conv")
        .maxPool("pool", "relu", 2, 2)
        .flatten("flat", "pool")
        .gemm("y", "flat", 5, 36)
        .output("y", -1, 5);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void oneNetworkTakesBatchesOfAnySize(int images) {
    try (GradientCheck check =
        GradientCheck.open(
            classifier(), List.of("y.weight", "y.bias"), GradientCheck.values(), images)) {
      check.assertAll();
    }
  }

  @Test
  void aNetworkThatFixesItsBatch() {
    ModelBuilder model =
        ModelBuilder.seeded(6)
            .input("images", 2, 3, 8, 8)
            .conv("conv", "images", 4, 3, 3)
            .initializer(Indices.of("size", 2, 144))
            .node("Reshape", "flat", List.of("conv", "size"), List.of("flat"))
            .gemm("y", "flat", 5, 144)
            .output("y", 2, 5);
    GradientCheck.assertGradients(model, "conv.bias", "y.bias");
  }

  @Test
  void theSameNetworkGivesTheSameBytes() {
    List<String> wanted = List.of("conv.weight", "y.weight");
    assertThat(gradients(classifier(), wanted).network().toBytes())
        .isEqualTo(gradients(classifier(), wanted).network().toBytes());
  }

  private static GradientNetwork gradients(ModelBuilder model, List<String> wanted) {
    OnnxNetwork network = OnnxNetwork.of(model.build());
    return GradientNetwork.of(
        network, Networks.image(network), wanted, GradientCheck.scores(1).apply(network));
  }

  @Test
  void theOutputsOfTheNetworkAreAmongItsOwn() {
    OnnxNetwork network = OnnxNetwork.of(classifier().build());
    try (GradientCheck check =
        GradientCheck.open(classifier(), List.of("y.bias"), GradientCheck.scores(1), 2)) {
      TensorData images = check.inputs().get("images");
      try (InferenceSession plain = InferenceSession.open(network.toBytes(), 1)) {
        float[] expected = plain.run(Map.of("images", images)).get("y").values();
        assertThat(check.run().get("y").values())
            .containsExactly(expected, org.assertj.core.data.Offset.offset(1e-5f));
      }
    }
  }

  @Test
  void whatNobodyWantsIsNotComputed() {
    List<String> operators =
        gradients(classifier(), List.of("y.bias")).network().nodes().stream()
            .map(node -> node.getOpType())
            .toList();
    assertThat(operators).doesNotContain("ConvTranspose", "ScatterElements");
    assertThat(operators).containsOnlyOnce("Conv");
  }

  /** The trunk is reached past the stop and around it; the branch only past it. */
  private static ModelBuilder withStop() {
    return images(7)
        .conv("trunk", "images", 4, 3, 3)
        .conv("branch", "trunk", 4, 4, 1)
        .node("CumSum", "stop", List.of("branch", "axis"), List.of("stop"))
        .initializer(Indices.scalar("axis", 1))
        .add("y", "trunk", "stop")
        .weights("unread", 3)
        .output("y", -1, 4, 6, 6);
  }

  @Test
  void anOperatorWithoutAGradientStopsItAndIsNamed() {
    GradientNetwork found =
        gradients(withStop(), List.of("trunk.weight", "branch.weight", "unread"));
    assertThat(found.stops()).containsExactly(new GradientNetwork.Stop("stop", "CumSum"));
    assertThat(found.unreached()).containsExactly("branch.weight", "unread");
    assertThat(found.partial()).containsExactly("trunk.weight");
    assertThat(found.gradients()).containsOnlyKeys("trunk.weight");
    assertThat(found.network().toBytes()).isNotEmpty();
  }

  @Test
  void storedStatisticsGetNoGradientAndStopNobody() {
    ModelBuilder model =
        images(8)
            .conv("conv", "images", 4, 3, 3)
            .batchNormalization("y", "conv", 4)
            .output("y", -1, 4, 6, 6);
    GradientNetwork found = gradients(model, List.of("conv.weight", "y.mean", "y.var"));
    assertThat(found.stops()).isEmpty();
    assertThat(found.unreached()).containsExactly("y.mean", "y.var");
    assertThat(found.gradients()).containsOnlyKeys("conv.weight");
  }

  @Test
  void weightsInsideABranchAreBehindAStop() {
    ModelBuilder branch =
        ModelBuilder.seeded(1)
            .node("Mul", "inner", List.of("conv", "factor"), List.of("inner"))
            .output("inner", -1, 4, 6, 6);
    ModelBuilder model =
        images(9)
            .conv("conv", "images", 4, 3, 3)
            .weights("factor", 4, 1, 1)
            .initializer(
                ModelBuilder.tensor("yes", Onnx.TensorProto.DataType.BOOL).addInt32Data(1).build())
            .node(
                "If",
                "chosen",
                List.of("yes"),
                List.of("chosen"),
                graph("then_branch", branch),
                graph("else_branch", branch))
            .node("Tanh", "tanh", List.of("chosen"), List.of("tanh"))
            .add("y", "tanh", "conv")
            .output("y", -1, 4, 6, 6);
    GradientNetwork found = gradients(model, List.of("conv.weight", "factor"));
    assertThat(found.stops()).containsExactly(new GradientNetwork.Stop("chosen", "If"));
    assertThat(found.unreached()).containsExactly("factor");
    assertThat(found.partial()).containsExactly("conv.weight");
  }

  private static Onnx.AttributeProto graph(String name, ModelBuilder body) {
    return Onnx.AttributeProto.newBuilder()
        .setName(name)
        .setType(Onnx.AttributeProto.AttributeType.GRAPH)
        .setG(body.graph())
        .build();
  }

  @Test
  void anOperatorSetThatIsTooOldIsRefused() {
    assertThatThrownBy(() -> gradients(classifier().opset(8), List.of("y.weight")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("operator set 8; gradients need 9 or later");
  }

  @Test
  void aTensorThatTheNetworkLacksIsRefused() {
    assertThatThrownBy(() -> gradients(classifier(), List.of("z.weight")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("z.weight");
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21})
  void everyOperatorSetGivesTheSameGradients(long opset) {
    assertThat(step(opset)).containsExactly(step(17), org.assertj.core.data.Offset.offset(1e-5f));
  }

  private static float[] step(long opset) {
    Map<String, TensorData> inputs = new LinkedHashMap<>();
    ModelBuilder model = classifier().opset(opset);
    GradientNetwork found = gradients(model, List.of("conv.weight"));
    OnnxNetwork network = OnnxNetwork.of(model.build());
    Random random = new Random(5);
    inputs.put("images", GradientCheck.random(random, 2, 3, 8, 8));
    inputs.put("conv.weight", GradientCheck.random(random, 4, 3, 3, 3));
    inputs.put(found.targets().get("y"), GradientCheck.random(random, 2, 5));
    assertThat(network.opset()).isEqualTo(opset);
    try (InferenceSession session = InferenceSession.open(found.network().toBytes(), 1)) {
      return session.run(inputs).get(found.gradients().get("conv.weight")).values();
    }
  }
}
