package io.pare.model.rewrite;

import static io.pare.testing.ModelBuilder.floats;
import static io.pare.testing.ModelBuilder.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.activation.Clamp;
import io.pare.model.Layer;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchNormalizationFoldingTest {
  private static final float TOLERANCE = 1e-4f;

  private static ModelBuilder image() {
    return ModelBuilder.seeded(5).input("x", -1, 4, 6, 6);
  }

  private static List<String> operators(OnnxNetwork network) {
    return network.nodes().stream().map(Onnx.NodeProto::getOpType).toList();
  }

  private static void assertFolds(OnnxNetwork network, String... remaining) {
    OnnxNetwork folded = BatchNormalizationFolding.fold(network);
    assertThat(operators(folded)).containsExactly(remaining);
    Networks.assertSameOutputs(folded, network, TOLERANCE);
  }

  @Test
  void aNormalizationMovesIntoTheConvolutionAndItsActivationIsFound() {
    OnnxNetwork network =
        Networks.read(
            image()
                .conv("c", "x", 8, 2, 3, number("group", 2))
                .batchNormalization("b", "c", 8)
                .relu("y", "b")
                .output("y", -1, 8, 4, 4));
    assertFolds(network, "Conv", "Relu");
    Layer layer = Networks.layers(BatchNormalizationFolding.fold(network)).compressible().get(0);
    assertThat(layer.activation()).isEqualTo(Clamp.RELU);
    assertThat(Networks.layers(network).compressible().get(0).activation())
        .isEqualTo(Clamp.IDENTITY);
  }

  @Test
  void aConvolutionWithoutBiasGetsOne() {
    assertFolds(
        Networks.read(
            image()
                .weights("w", 8, 4, 3, 3)
                .node("Conv", "c", List.of("x", "w"), List.of("c"))
                .batchNormalization("y", "c", 8)
                .output("y", -1, 8, 4, 4)),
        "Conv");
  }

  @Test
  void aChainOfConstantsFoldsToo() {
    float[] eight = {1, -2, 3, 0.5f, 2, 1, 1, 4};
    assertFolds(
        Networks.read(
            image()
                .conv("c", "x", 8, 4, 3)
                .batchNormalization("b", "c", 8)
                .initializer(floats("m", new long[] {8, 1, 1}, eight))
                .initializer(floats("a", new long[] {1, 8, 1, 1}, eight))
                .initializer(floats("s", new long[] {}, 3))
                .node("Mul", "n1", List.of("m", "b"), List.of("n1"))
                .node("Add", "n2", List.of("n1", "a"), List.of("n2"))
                .node("Sub", "n3", List.of("s", "n2"), List.of("n3"))
                .node("Div", "y", List.of("n3", "s"), List.of("y"))
                .output("y", -1, 8, 4, 4)),
        "Conv");
  }

  @Test
  void aGemmTakesItsNormalizationInEitherTransposition() {
    for (boolean transposed : new boolean[] {true, false}) {
      assertFolds(
          Networks.read(
              image()
                  .flatten("f", "x")
                  .weights("w", transposed ? 5 : 144, transposed ? 144 : 5)
                  .node(
                      "Gemm",
                      "g",
                      List.of("f", "w"),
                      List.of("g"),
                      number("transB", transposed ? 1 : 0))
                  .batchNormalization("y", "g", 5)
                  .output("y", -1, 5)),
          "Flatten",
          "Gemm");
    }
  }

  @Test
  void whatIsReadElsewhereStays() {
    OnnxNetwork branch =
        Networks.read(
            image()
                .conv("c", "x", 8, 4, 3)
                .batchNormalization("b", "c", 8)
                .add("y", "b", "c")
                .output("y", -1, 8, 4, 4));
    assertFolds(branch, "Conv", "BatchNormalization", "Add");
    OnnxNetwork shared =
        Networks.read(
            image()
                .weights("w", 4, 4, 1, 1)
                .node("Conv", "c", List.of("x", "w"), List.of("c"))
                .batchNormalization("b", "c", 4)
                .node("Conv", "y", List.of("b", "w"), List.of("y"))
                .output("y", -1, 4, 6, 6));
    assertFolds(shared, "Conv", "BatchNormalization", "Conv");
  }

  @Test
  void aConstantThatEnlargesTheMapsStays() {
    assertFolds(
        Networks.read(
            image()
                .conv("c", "x", 1, 4, 6)
                .weights("m", 1, 1, 3, 3)
                .node("Mul", "y", List.of("c", "m"), List.of("y"))
                .output("y", -1, 1, 3, 3)),
        "Conv",
        "Mul");
  }
}
