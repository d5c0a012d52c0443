package io.pare.model;

import static io.pare.testing.ModelBuilder.floats;
import static io.pare.testing.ModelBuilder.graph;
import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;
import static io.pare.testing.ModelBuilder.real;
import static io.pare.testing.ModelBuilder.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import io.pare.InputException;
import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerCost;
import io.pare.algorithm.structure.Window;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class NetworkLayersTest {
  private static ModelBuilder image() {
    return ModelBuilder.seeded(5).input("x", -1, 4, 6, 6);
  }

  private static Layer only(ModelBuilder model) {
    NetworkLayers layers = Networks.layers(Networks.read(model));
    assertThat(layers.kept()).isEmpty();
    assertThat(layers.compressible()).hasSize(1);
    return layers.compressible().get(0);
  }

  private static String onlyReason(ModelBuilder model) {
    return NetworkLayers.of(Networks.read(model), NetworkShapes.unknown()).kept().get(0).reason();
  }

  @Test
  void automaticPaddingIsResolvedForTheMeasuredSize() {
    for (String lower : List.of("SAME_LOWER", "SAME_UPPER")) {
      Layer layer =
          only(
              image()
                  .conv("c", "x", 8, 4, 3, text("auto_pad", lower), ints("strides", 2, 2))
                  .output("c", -1, 8, 3, 3));
      int before = lower.equals("SAME_LOWER") ? 1 : 0;
      Window.Axis axis = new Window.Axis(6, 3, 2, before, 1 - before, 1);
      assertThat(layer.window()).isEqualTo(new Window(List.of(axis, axis), false));
      assertThat(layer.geometry()).isEqualTo(new Geometry(6, 6, 3, 3));
    }
  }

  @Test
  void clipIsAClampInBothSpellings() {
    Layer attributes =
        only(
            image()
                .opset(9)
                .conv("c", "x", 8, 4, 3)
                .node("Clip", "y", List.of("c"), List.of("y"), real("min", 0), real("max", 6))
                .output("y", -1, 8, 4, 4));
    Layer inputs =
        only(
            image()
                .conv("c", "x", 8, 4, 3)
                .initializer(floats("low", new long[] {}, -1))
                .node("Clip", "y", List.of("c", "low"), List.of("y"))
                .output("y", -1, 8, 4, 4));
    assertThat(attributes.activation()).isEqualTo(new Clamp(0, 6));
    assertThat(inputs.activation()).isEqualTo(new Clamp(-1, Double.POSITIVE_INFINITY));
  }

  @Test
  void aBranchOrAnOutputHidesTheActivation() {
    assertThat(
            only(image()
                    .conv("c", "x", 8, 4, 3)
                    .relu("r", "c")
                    .add("y", "r", "c")
                    .output("y", -1, 8, 4, 4))
                .activation())
        .isEqualTo(Clamp.IDENTITY);
    assertThat(
            only(image()
                    .conv("c", "x", 8, 4, 3)
                    .relu("y", "c")
                    .output("y", -1, 8, 4, 4)
                    .output("c", -1, 8, 4, 4))
                .activation())
        .isEqualTo(Clamp.IDENTITY);
  }

  @Test
  void anActivationThatIsNotKnownIsNoted() {
    Layer layer =
        only(
            image()
                .conv("c", "x", 8, 4, 3)
                .node("Softsign", "y", List.of("c"), List.of("y"))
                .output("y", -1, 8, 4, 4));
    assertThat(layer.activation()).isEqualTo(Clamp.IDENTITY);
    assertThat(layer.note()).isEqualTo("followed by Softsign, fitted as if nothing followed");
  }

  @Test
  void aMatrixProductTakesItsBiasAndHasAPositionForEachVector() {
    Layer layer =
        only(
            image()
                .weights("m.weight", 6, 5)
                .weights("m.bias", 5)
                .node("MatMul", "m", List.of("x", "m.weight"), List.of("m"))
                .add("a", "m", "m.bias")
                .relu("y", "a")
                .output("y", -1, 4, 6, 5));
    assertThat(layer.output()).isEqualTo("a");
    assertThat(layer.activation()).isEqualTo(Clamp.RELU);
    assertThat(layer.geometry().outputPositions()).isEqualTo(24);
    assertThat(layer.cost()).isEqualTo(new LayerCost(30, 720));
  }

  @Test
  void weightsInConstantNodesAndOverridableInputsAreFound() {
    Onnx.TensorProto weight =
        Tensors.of("v", Onnx.TensorProto.DataType.FLOAT, new long[] {2, 4, 1, 1}, new float[8]);
    assertThat(
            only(image()
                    .node(
                        "Constant",
                        "k",
                        List.of(),
                        List.of("k"),
                        ModelBuilder.tensor("value", weight))
                    .node("Conv", "c", List.of("x", "k"), List.of("c"))
                    .output("c", -1, 2, 6, 6))
                .shape()
                .outputs())
        .isEqualTo(2);
    OnnxNetwork overridable =
        Networks.read(
            image().input("c.weight", 8, 4, 3, 3).conv("c", "x", 8, 4, 3).output("c", -1, 8, 4, 4));
    assertThat(overridable.inputName()).isEqualTo("x");
    assertThat(Networks.layers(overridable).compressible()).hasSize(1);
  }

  @Test
  void layersThatStaySayWhy() {
    assertThat(
            onlyReason(
                image().conv("c", "x", 8, 1, 3, number("group", 4)).output("c", -1, 8, 4, 4)))
        .isEqualTo("depthwise: one input channel a group");
    assertThat(
            onlyReason(
                image()
                    .conv("c", "x", 8, 4, 3, text("auto_pad", "SAME_UPPER"))
                    .output("c", -1, 8, 6, 6)))
        .isEqualTo("its automatic padding depends on an input size that is not known");
    assertThat(
            onlyReason(
                image()
                    .weights("w", 4, 4, 1, 1)
                    .node("Conv", "c", List.of("x", "w"), List.of("c"))
                    .node("Conv", "y", List.of("c", "w"), List.of("y"), ints("pads", 1, 0, 0, 0))
                    .output("y", -1, 4, 7, 6)))
        .isEqualTo("its weights are shared with nodes of another kind or with another bias");
    assertThat(
            onlyReason(
                image()
                    .weights("v", 4, 4, 1, 1)
                    .node("Identity", "w", List.of("v"), List.of("w"))
                    .node("Conv", "c", List.of("x", "w"), List.of("c"))
                    .output("c", -1, 4, 6, 6)))
        .isEqualTo("its weights are computed by the network, not constant");
    assertThat(
            onlyReason(
                image()
                    .weights("w", 4, 8, 3, 3)
                    .node(
                        "ConvTranspose",
                        "c",
                        List.of("x", "w"),
                        List.of("c"),
                        ints("output_shape", 8, 8))
                    .output("c", -1, 8, 8, 8)))
        .isEqualTo("a transposed convolution whose padding follows from the output size");
  }

  @Test
  void layersOfOneWeightAndBiasAreOneLayer() {
    NetworkLayers layers =
        Networks.layers(
            Networks.read(
                image()
                    .conv("c", "x", 4, 4, 1)
                    .node("Conv", "y", List.of("c", "c.weight", "c.bias"), List.of("y"))
                    .output("y", -1, 4, 6, 6)));
    assertThat(layers.compressible()).hasSize(1);
    assertThat(layers.compressible().get(0).sharers()).containsExactly("y");
    assertThat(layers.kept().get(0).reason())
        .isEqualTo("shares the weights of c and becomes what it does");
    assertThat(layers.total()).isEqualTo(new LayerCost(16, 2 * 16 * 36));
  }

  @Test
  void vectorsOfAnImageFollowEachOtherUnlessTokensComeFirst() {
    NetworkLayers layers =
        Networks.layers(
            Networks.read(
                image()
                    .initializer(Tensors.of("rows", new long[] {-1, 4, 36}))
                    .node("Reshape", "flat", List.of("x", "rows"), List.of("flat"))
                    .node(
                        "Transpose",
                        "first",
                        List.of("flat"),
                        List.of("first"),
                        ints("perm", 2, 0, 1))
                    .node(
                        "Transpose",
                        "second",
                        List.of("flat"),
                        List.of("second"),
                        ints("perm", 0, 2, 1))
                    .initializer(Tensors.of("one", new long[] {-1, 4}))
                    .node("Reshape", "joined", List.of("second", "one"), List.of("joined"))
                    .weights("v", 4, 5)
                    .weights("w", 4, 5)
                    .node("MatMul", "tokens", List.of("first", "v"), List.of("tokens"))
                    .node("MatMul", "images", List.of("second", "w"), List.of("images"))
                    .gemm("all", "joined", 5, 4)
                    .output("tokens", 36, -1, 5)
                    .output("images", -1, 36, 5)
                    .output("all", -1, 5)));
    assertThat(layers.compressible()).extracting(Layer::run).containsExactly(1, 36, 36);
    assertThat(layers.compressible()).allMatch(layer -> layer.geometry().outputPositions() == 36);
  }

  @Test
  void quantisedLayersHaveNothingToDo() {
    Onnx.TensorProto weight =
        ModelBuilder.tensor("q", Onnx.TensorProto.DataType.INT8, 4, 4, 1, 1)
            .setRawData(ByteString.copyFrom(new byte[16]))
            .build();
    assertThat(
            onlyReason(
                image()
                    .initializer(weight)
                    .initializer(floats("s", new long[] {}, 0.5f))
                    .node("DequantizeLinear", "w", List.of("q", "s"), List.of("w"))
                    .node("Conv", "c", List.of("x", "w"), List.of("c"))
                    .output("c", -1, 4, 6, 6)))
        .isEqualTo("already quantised, nothing to do");
  }

  @Test
  void layersInBodiesAreListedAndCountAsReaders() {
    Onnx.GraphProto body =
        ModelBuilder.seeded(2).conv("inner", "c", 8, 8, 1).output("inner", -1, 8, 4, 4).graph();
    Onnx.GraphProto other =
        ModelBuilder.seeded(2).relu("positive", "c").output("positive", -1, 8, 4, 4).graph();
    ModelBuilder model =
        image()
            .initializer(
                ModelBuilder.tensor("yes", Onnx.TensorProto.DataType.BOOL).addInt32Data(1).build())
            .conv("c", "x", 8, 4, 3)
            .relu("r", "c")
            .node(
                "If",
                "if",
                List.of("yes"),
                List.of("i"),
                graph("then_branch", body),
                graph("else_branch", other))
            .add("y", "r", "i")
            .output("y", -1, 8, 4, 4);
    NetworkLayers layers = Networks.layers(Networks.read(model));
    assertThat(layers.compressible().get(0).activation()).isEqualTo(Clamp.IDENTITY);
    assertThat(layers.kept())
        .extracting(KeptLayer::name, KeptLayer::weights, KeptLayer::reason)
        .containsExactly(tuple("inner", 64L, "inside the body of If"));
  }

  @Test
  void aNetworkThatCannotRunStillListsItsLayers() {
    OnnxNetwork network =
        OnnxNetwork.of(
            image()
                .conv("c", "x", 8, 4, 3)
                .node(
                    Onnx.NodeProto.newBuilder()
                        .setOpType("Magic")
                        .setDomain("com.example")
                        .addInput("c")
                        .addOutput("m")
                        .build())
                .conv("y", "m", 8, 8, 1)
                .output("y", -1, 8, 4, 4)
                .build());
    InputShape shape = network.inputShape(OptionalInt.empty(), OptionalInt.empty());
    assertThatThrownBy(() -> ShapeMeasurement.of(network, shape))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("ONNX Runtime cannot run the network: ")
        .hasMessageContaining("com.example")
        .hasMessageNotContaining("\n");
    NetworkLayers layers = NetworkLayers.of(network, NetworkShapes.unknown());
    assertThat(layers.compressible()).extracting(Layer::name).containsExactly("c", "y");
    assertThat(layers.total()).isEqualTo(new LayerCost(8 * 4 * 9 + 64, 0));
  }

  @Test
  void nodesWithoutANameOrWithTheSameAreToldApart() {
    OnnxNetwork network =
        Networks.read(
            image()
                .weights("v", 4, 4, 1, 1)
                .weights("w", 4, 4, 1, 1)
                .weights("u", 4, 4, 1, 1)
                .node("Conv", "same", List.of("x", "v"), List.of("a"))
                .node("Conv", "same", List.of("a", "w"), List.of("b"))
                .node("Conv", "", List.of("b", "u"), List.of("y"))
                .output("y", -1, 4, 6, 6));
    assertThat(NetworkLayers.of(network, NetworkShapes.unknown()).compressible())
        .extracting(Layer::name)
        .containsExactly("a", "b", "y");
  }

  @Test
  void layersSurviveJavaSerialization() throws IOException, ClassNotFoundException {
    NetworkLayers layers =
        Networks.layers(
            Networks.read(
                image()
                    .conv("d", "x", 4, 1, 3, number("group", 4))
                    .conv("c", "d", 8, 4, 3)
                    .relu("y", "c")
                    .output("y", -1, 8, 2, 2)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(layers);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(layers);
    }
  }
}
