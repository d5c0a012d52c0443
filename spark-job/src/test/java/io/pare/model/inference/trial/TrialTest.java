package io.pare.model.inference.trial;

import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;
import static io.pare.testing.ModelBuilder.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pare.InputException;
import io.pare.model.InputShape;
import io.pare.model.NetworkLayers;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.proto.Onnx;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.BadInputs;
import io.pare.testing.GraphKinds;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import io.pare.testing.OddModels;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** First runs: what is refused by arithmetic, and what a process of its own is for. */
class TrialTest {
  private static final InputShape IMAGE = new InputShape(3, 8, 8, InputShape.Layout.NCHW);
  private static final Duration LIMIT = Duration.ofMinutes(1);

  static Stream<Arguments> windows() {
    ModelBuilder tall = ModelBuilder.seeded(1).input("x", -1, 3, 8, 8);
    return Stream.of(
        Arguments.of(
            "convolution larger than its map",
            ModelBuilder.seeded(1).input("x", -1, 3, 8, 8).conv("last", "x", 4, 3, 9),
            "layer last (Conv): its window of 9 x 9 leaves no row of a map of 8 x 8"),
        Arguments.of(
            "dilated convolution larger than its map",
            tall.conv("last", "x", 4, 3, 3, ints("dilations", 1, 4)),
            "leaves no column of a map of 8 x 8"),
        Arguments.of(
            "pool behind pools",
            ModelBuilder.seeded(1)
                .input("x", -1, 3, 8, 8)
                .maxPool("a", "x", 3, 2)
                .maxPool("b", "a", 3, 2)
                .averagePool("last", "b", 3, 2),
            "layer last (AveragePool): its window of 3 x 3 leaves no row of a map of 1 x 1"),
        Arguments.of(
            "pool without padding by name",
            ModelBuilder.seeded(1)
                .input("x", -1, 3, 8, 8)
                .node(
                    "LpPool",
                    "last",
                    List.of("x"),
                    List.of("last"),
                    ints("kernel_shape", 9, 1),
                    text("auto_pad", "VALID")),
            "layer last (LpPool): its window of 9 x 1 leaves no row"),
        Arguments.of(
            "transposed convolution that cuts off all it makes",
            ModelBuilder.seeded(1)
                .input("x", -1, 3, 8, 8)
                .weights("w", 3, 4, 1, 1)
                .node(
                    "ConvTranspose",
                    "last",
                    List.of("x", "w"),
                    List.of("last"),
                    ints("pads", 4, 0, 4, 0)),
            "layer last (ConvTranspose): its window of 1 x 1 leaves no row"));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void aWindowThatLeavesNothingIsRefusedWithLayerAndSize(
      String name, ModelBuilder network, String message) {
    InputException refused = refused(network.output("last", -1, -1, -1, -1), LIMIT);

    assertThat(refused)
        .hasMessageContaining(message)
        .hasMessageContaining("for images of 8 x 8; give a larger input-size");
    BadInputs.refused("ONNX and its input size", name, refused);
  }

  @Test
  void aCrashIsAnErrorOfTheNetworkAndTheNextOneRuns() {
    InputException refused = refused(OddModels.crash(), LIMIT);

    assertThat(refused).hasMessageContaining("ONNX Runtime crashed (SIGFPE");
    BadInputs.refused("ONNX", "network that crashes ONNX Runtime", refused);
    healthyNetworksAreMeasuredAsInThisProcess();
  }

  @Test
  void aRunWithoutEndIsEndedWithinTheLimit() {
    InputException refused = refused(OddModels.endlessLoop(), Duration.ofSeconds(4));

    assertThat(refused).hasMessageContaining("did not end within trial-seconds = 4");
    BadInputs.refused("ONNX", "Loop without end", refused);
  }

  @Test
  void healthyNetworksAreMeasuredAsInThisProcess() {
    OnnxNetwork network =
        network(
            ModelBuilder.seeded(2)
                .input("x", -1, 3, 8, 8)
                .conv("c", "x", 4, 3, 3)
                .globalAveragePool("mean", "c")
                .flatten("flat", "mean")
                .gemm("dense", "flat", 5, 4)
                .output("dense", -1, 5));

    NetworkShapes shapes = shapes(network, LIMIT);

    NetworkShapes expected = ShapeMeasurement.of(network, IMAGE);
    for (String tensor : List.of("x", "c", "mean", "flat", "dense")) {
      assertThat(shapes.of(tensor)).contains(expected.of(tensor).orElseThrow());
    }
  }

  @Test
  void whereTokensComeBeforeImagesVectorsAreTakenApartAsInThisProcess() {
    OnnxNetwork network = ModelReader.read("tokens", GraphKinds.tokens(-1), ExternalData.none());
    InputShape image = Networks.image(network);

    NetworkShapes shapes = Trial.shapes("tokens", network, network, image, LIMIT);

    NetworkLayers expected = NetworkLayers.of(network, ShapeMeasurement.of(network, image));
    assertThat(NetworkLayers.of(network, shapes)).isEqualTo(expected);
    assertThat(expected.compressible())
        .as("tokens of one image do not follow each other")
        .anyMatch(layer -> layer.run() < layer.geometry().outputPositions());
  }

  @Test
  void anOutputWithoutFloatsIsRefusedWhereverItComes() {
    Onnx.ModelProto.Builder model =
        ModelBuilder.seeded(3)
            .input("x", -1, 3, 8, 8)
            .conv("c", "x", 4, 3, 3)
            .node("Cast", "whole", List.of("c"), List.of("whole"), number("to", 7))
            .build()
            .toBuilder();
    model
        .getGraphBuilder()
        .addOutputBuilder()
        .setName("whole")
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(Onnx.TensorProto.DataType.INT64_VALUE);

    InputException refused = refused(OnnxNetwork.of(model.build()), LIMIT);

    assertThat(refused).hasMessageContaining("network output whole holds no floats");
    BadInputs.refused("ONNX", "output that holds no floats", refused);
  }

  @Test
  void aBatchThatNoArrayHoldsIsRefusedBeforeItIsMade() {
    InputException refused =
        refused(
            ModelBuilder.seeded(4)
                .input("x", 10_000_000, 3, 8, 8)
                .conv("c", "x", 4, 3, 3)
                .output("c", 10_000_000, 4, 6, 6),
            LIMIT);

    assertThat(refused)
        .hasMessageContaining("10000000 images of 3 x 8 x 8 at once take 7324 MiB; at most 1024");
  }

  @Test
  void whatPreparationWouldHideIsRefusedToo() {
    OnnxNetwork original =
        network(
            ModelBuilder.seeded(6)
                .input("x", -1, 3, 8, 8)
                .conv("c", "x", 4, 3, 3)
                .node("NoSuchOperator", "out", List.of("c"), List.of("out"))
                .output("out", -1, 4, 6, 6));
    OnnxNetwork prepared =
        network(
            ModelBuilder.seeded(6)
                .input("x", -1, 3, 8, 8)
                .conv("out", "x", 4, 3, 3)
                .output("out", -1, 4, 6, 6));

    assertThatThrownBy(() -> Trial.shapes("m.onnx", original, prepared, IMAGE, LIMIT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("NoSuchOperator");
  }

  @Test
  void anOperatorThatTheOpsetLacksIsRefused() {
    assertThatThrownBy(
            () ->
                shapes(
                    network(
                        ModelBuilder.seeded(5)
                            .opset(13)
                            .input("x", -1, 3, 8, 8)
                            .conv("c", "x", 4, 3, 3)
                            .node("Gelu", "g", List.of("c"), List.of("g"))
                            .output("g", -1, 4, 6, 6)),
                    LIMIT))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("m.onnx: ONNX Runtime cannot run the network: ")
        .hasMessageContaining("Gelu");
  }

  private static InputException refused(ModelBuilder model, Duration limit) {
    return refused(network(model), limit);
  }

  private static InputException refused(OnnxNetwork network, Duration limit) {
    return catchThrowableOfType(InputException.class, () -> shapes(network, limit));
  }

  private static NetworkShapes shapes(OnnxNetwork network, Duration limit) {
    return Trial.shapes("m.onnx", network, network, IMAGE, limit);
  }

  private static OnnxNetwork network(ModelBuilder model) {
    return OnnxNetwork.of(model.build());
  }
}
