package io.pare.model.rewrite;

import static io.pare.testing.ModelBuilder.number;
import static io.pare.testing.ModelBuilder.real;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.model.Layer;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Functions of a model's own and inputs beside the images. */
class PreparedGraphTest {
  private static final String DOMAIN = "own";

  private static Onnx.NodeProto.Builder call(String function, String name, String... inputs) {
    return Onnx.NodeProto.newBuilder()
        .setDomain(DOMAIN)
        .setOpType(function)
        .setName(name)
        .addAllInput(List.of(inputs))
        .addOutput(name);
  }

  private static Onnx.FunctionProto.Builder function(String name, String... inputs) {
    return Onnx.FunctionProto.newBuilder()
        .setDomain(DOMAIN)
        .setName(name)
        .addAllInput(List.of(inputs))
        .addOutput("out")
        .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(17))
        .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setDomain(DOMAIN).setVersion(1));
  }

  private static Onnx.NodeProto node(String operator, String output, String... inputs) {
    return Onnx.NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  private static Onnx.ModelProto withFunctions(Onnx.FunctionProto... functions) {
    Onnx.ModelProto.Builder model =
        ModelBuilder.seeded(1)
            .input("x", -1, 4, 5, 5)
            .weights("w", 4, 4, 1, 1)
            .weights("v", 4, 4, 1, 1)
            .node(call("Block", "first", "x", "w").addAttribute(real("slope", 0.25f)).build())
            .node(call("Block", "second", "first", "v").build())
            .output("second", -1, 4, 5, 5)
            .build()
            .toBuilder();
    return model
        .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setDomain(DOMAIN).setVersion(1))
        .addAllFunctions(List.of(functions))
        .build();
  }

  private static OnnxNetwork read(Onnx.ModelProto model) {
    return ModelReader.read("test", model.toByteArray(), ExternalData.none());
  }

  @Test
  void layersWithinFunctionsAreLayersOfTheNetwork() {
    Onnx.NodeProto leaky =
        node("LeakyRelu", "out", "hidden").toBuilder()
            .addAttribute(
                Onnx.AttributeProto.newBuilder()
                    .setName("alpha")
                    .setRefAttrName("slope")
                    .setType(Onnx.AttributeProto.AttributeType.FLOAT))
            .build();
    OnnxNetwork network =
        read(
            withFunctions(
                function("Block", "in", "weight")
                    .addAttributeProto(real("slope", 0.5f))
                    .addNode(call("Inner", "hidden", "in", "weight"))
                    .addNode(leaky)
                    .build(),
                function("Inner", "a", "b").addNode(node("Conv", "out", "a", "b")).build()));
    OnnxNetwork prepared = PreparedGraph.of(network);
    Networks.assertSameOutputs(prepared, network, 1e-5f);
    assertThat(Networks.layers(network).compressible()).isEmpty();
    assertThat(Networks.layers(prepared).compressible())
        .hasSize(2)
        .extracting(Layer::activation)
        .doesNotHaveDuplicates()
        .noneMatch(activation -> activation.isIdentity());
  }

  @Test
  void aFunctionThatCallsItselfIsRefused() {
    Onnx.FunctionProto circle =
        function("Block", "in", "weight").addNode(call("Block", "out", "in", "weight")).build();
    OnnxNetwork network = OnnxNetwork.of(withFunctions(circle));
    assertThatThrownBy(() -> PreparedGraph.of(network))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("function Block calls itself");
  }

  private static ModelBuilder twoInputs() {
    return ModelBuilder.seeded(2)
        .input("scale", -1, 2)
        .input("x", -1, 3, 8, 8)
        .conv("c", "x", 6, 3, 3)
        .globalAveragePool("p", "c")
        .flatten("f", "p")
        .gemm("g", "f", 2, 6)
        .node("Identity", "same", List.of("scale"), List.of("same"))
        .node("Div", "y", List.of("g", "same"), List.of("y"))
        .output("y", -1, 2);
  }

  @Test
  void inputsBesideTheImagesTakeTheValuesThatAreGiven() {
    OnnxNetwork network = Networks.read(twoInputs());
    assertThatThrownBy(network::input)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("2 inputs [scale, x]")
        .hasMessageContaining("give the others a value with inputs");
    OnnxNetwork halves = BoundInputs.bind(network, Map.of("scale", List.of(2.0, 2.0)));
    OnnxNetwork whole = BoundInputs.bind(network, Map.of("scale", List.of(1.0)));
    float[] half = Networks.run(PreparedGraph.of(halves), 3).values();
    float[] full = Networks.run(PreparedGraph.of(whole), 3).values();
    for (int i = 0; i < full.length; i++) {
      assertThat(half[i]).isEqualTo(full[i] / 2);
    }
    assertThat(halves.model().getGraph().getInputList())
        .isEqualTo(network.model().getGraph().getInputList());
    assertThatThrownBy(() -> BoundInputs.bind(network, Map.of("size", List.of(1.0))))
        .hasMessageContaining("inputs gives a value to size, but the inputs of the network are");
    assertThatThrownBy(() -> BoundInputs.bind(network, Map.of("scale", List.of(1.0, 2.0, 3.0))))
        .hasMessageContaining("inputs gives 3 values to scale, which takes 2: [1, 2]");
  }

  @Test
  void aValueThatMayBeOverriddenIsNotFoldedAway() {
    OnnxNetwork bound = BoundInputs.bind(Networks.read(twoInputs()), Map.of("scale", List.of(1.0)));
    assertThat(PreparedGraph.of(bound).nodes()).anyMatch(n -> n.getOpType().equals("Identity"));
  }

  @Test
  void aGemmWhoseInputIsTransposedReadsATransposeInstead() {
    OnnxNetwork network =
        read(
            ModelBuilder.seeded(2)
                .input("x", -1, 6, 1, 1)
                .flatten("flat", "x")
                .node("Transpose", "turned", List.of("flat"), List.of("turned"))
                .weights("w", 6, 4)
                .node("Gemm", "product", List.of("turned", "w"), List.of("y"), number("transA", 1))
                .output("y", -1, 4)
                .build());

    OnnxNetwork prepared = PreparedGraph.of(network);

    Networks.assertSameOutputs(prepared, network, 1e-5f);
    Layer layer = Networks.layers(prepared).compressible().get(0);
    assertThat(layer.name()).isEqualTo("product");
    assertThat(layer.shape().inputChannels()).isEqualTo(6);
  }

  private static ModelBuilder columns(String... bias) {
    ModelBuilder model =
        ModelBuilder.seeded(2)
            .input("x", -1, 3, 6, 5)
            .weights("w", 4, 6)
            .initializer(ModelBuilder.floats("b", new long[] {4, 1}, 0.1f, -0.2f, 0.3f, 0.4f))
            .node("MatMul", "product", List.of("w", "x"), List.of("p"));
    if (bias.length > 0) {
      model.node("Add", "sum", List.of(bias), List.of("s"));
    }
    return model
        .node("Tanh", "curve", List.of(bias.length > 0 ? "s" : "p"), List.of("y"))
        .output("y", -1, 3, 4, 5);
  }

  @Test
  void weightsOnTheLeftOfWhatTheyMultiplyAreALayerLikeAnyOther() {
    for (ModelBuilder model : List.of(columns(), columns("p", "b"), columns("b", "p"))) {
      OnnxNetwork network = read(model.build());
      OnnxNetwork prepared = PreparedGraph.of(network);

      Networks.assertSameOutputs(prepared, network, 1e-5f);
      Layer layer = Networks.layers(prepared).compressible().get(0);
      assertThat(layer.name()).isEqualTo("product");
      assertThat(layer.shape().inputChannels()).isEqualTo(6);
      assertThat(layer.shape().outputs()).isEqualTo(4);
      assertThat(layer.geometry().outputPositions()).isEqualTo(15);
      assertThat(layer.activation().label()).isEqualTo("tanh");
    }
  }

  @Test
  void weightsOnTheLeftOfATensorOfUnknownRankStayAndSayWhy() {
    OnnxNetwork network =
        read(
            ModelBuilder.seeded(2)
                .input("x", -1, 3, 6, 5)
                .weights("w", 4, 6)
                .node("Relu", "r", List.of("x"), List.of("r"))
                .node("MatMul", "product", List.of("w", "r"), List.of("y"))
                .output("y", -1, 3, 4, 5)
                .build());

    assertThat(Networks.layers(PreparedGraph.of(network)).kept())
        .singleElement()
        .satisfies(
            kept -> {
              assertThat(kept.reason())
                  .isEqualTo("its weights stand on the left of what they multiply");
              assertThat(kept.weights()).isEqualTo(24);
            });
  }
}
