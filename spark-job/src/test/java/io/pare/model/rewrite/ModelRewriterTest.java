package io.pare.model.rewrite;

import static io.pare.testing.Matrices.normal;
import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;
import static io.pare.testing.ModelBuilder.real;
import static io.pare.testing.ModelBuilder.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerCost;
import io.pare.model.Layer;
import io.pare.model.LayerWeights;
import io.pare.model.NetworkLayers;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.Matrices;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModelRewriterTest {
  private static final float TOLERANCE = 1e-4f;

  private static ModelBuilder image() {
    return ModelBuilder.seeded(3).input("x", -1, 4, 9, 11);
  }

  private static OnnxNetwork convolution(
      long opset, int channels, int height, int width, Onnx.AttributeProto... attributes) {
    return Networks.read(
        image()
            .opset(opset)
            .weights("c.weight", 8, channels, height, width)
            .weights("c.bias", 8)
            .node("Conv", "c", List.of("x", "c.weight", "c.bias"), List.of("c"), attributes)
            .relu("y", "c")
            .output("y", -1, 8, -1, -1));
  }

  private static OnnxNetwork grouped() {
    return Networks.read(
        ModelBuilder.seeded(3)
            .input("x", -1, 12, 9, 11)
            .weights("c.weight", 15, 4, 3, 3)
            .node(
                "Conv",
                "c",
                List.of("x", "c.weight"),
                List.of("c"),
                number("group", 3),
                ints("pads", 1, 0, 0, 1))
            .relu("y", "c")
            .output("y", -1, 15, -1, -1));
  }

  private static OnnxNetwork gemm(long opset, long... weightDims) {
    boolean transposed = weightDims[0] == 4;
    return Networks.read(
        ModelBuilder.seeded(3)
            .opset(opset)
            .input("x", -1, 4, 1, 1)
            .flatten("f", "x")
            .weights("g.weight", weightDims)
            .weights("g.bias", 8)
            .node(
                "Gemm",
                "g",
                List.of("f", "g.weight", "g.bias"),
                List.of("y"),
                number("transB", transposed ? 0 : 1),
                real("alpha", 0.5f),
                real("beta", 2))
            .output("y", -1, 8));
  }

  private static OnnxNetwork matMul() {
    return Networks.read(
        ModelBuilder.seeded(3)
            .input("x", -1, 3, 5, 4)
            .weights("m.weight", 4, 8)
            .weights("m.bias", 8)
            .node("MatMul", "m", List.of("x", "m.weight"), List.of("m"))
            .add("a", "m.bias", "m")
            .relu("y", "a")
            .output("y", -1, 3, 5, 8));
  }

  /** A convolution over one axis or three, or a transposed one, of 4 channels or more. */
  private static OnnxNetwork over(
      String operator, long[] input, long[] weight, Onnx.AttributeProto... attributes) {
    long[] open = new long[input.length + 1];
    Arrays.fill(open, -1);
    return Networks.read(
        image()
            .initializer(
                Tensors.of(
                    "in", LongStream.concat(LongStream.of(-1), LongStream.of(input)).toArray()))
            .node("Reshape", "r", List.of("x", "in"), List.of("r"))
            .weights("c.weight", weight)
            .node(operator, "c", List.of("r", "c.weight"), List.of("c"), attributes)
            .relu("y", "c")
            .output("y", open));
  }

  private static Map<String, OnnxNetwork> byName() {
    return new TreeMap<>(
        Map.ofEntries(
            Map.entry("3x3", convolution(17, 4, 3, 3, ints("pads", 1, 1, 1, 1))),
            Map.entry("stride 2", convolution(13, 4, 3, 3, ints("strides", 2, 2))),
            Map.entry(
                "unequal strides, pads and kernel",
                convolution(11, 4, 3, 5, ints("pads", 2, 0, 1, 3), ints("strides", 2, 3))),
            Map.entry(
                "dilated",
                convolution(17, 4, 3, 3, ints("dilations", 2, 3), ints("pads", 2, 2, 0, 1))),
            Map.entry(
                "automatic padding",
                convolution(17, 4, 3, 2, text("auto_pad", "SAME_LOWER"), ints("strides", 2, 2))),
            Map.entry("1x1 of opset 9", convolution(9, 4, 1, 1)),
            Map.entry("Gemm transB", gemm(17, 8, 4)),
            Map.entry("Gemm of opset 9", gemm(9, 4, 8)),
            Map.entry("grouped", grouped()),
            Map.entry(
                "signal",
                over("Conv", new long[] {4, 99}, new long[] {8, 4, 5}, ints("strides", 3))),
            Map.entry(
                "volume",
                over(
                    "Conv",
                    new long[] {4, 3, 3, 11},
                    new long[] {8, 4, 2, 3, 3},
                    ints("pads", 1, 1, 0, 0, 1, 2),
                    ints("strides", 1, 2, 1))),
            Map.entry(
                "transposed",
                over(
                    "ConvTranspose",
                    new long[] {4, 9, 11},
                    new long[] {4, 8, 3, 2},
                    ints("pads", 1, 0, 1, 0),
                    ints("strides", 2, 2),
                    ints("output_padding", 1, 0))),
            Map.entry(
                "transposed with more outputs than its kernels reach",
                over(
                    "ConvTranspose",
                    new long[] {4, 9, 11},
                    new long[] {4, 8, 2, 2},
                    ints("dilations", 2, 1),
                    ints("strides", 3, 3),
                    ints("output_padding", 1, 2))),
            Map.entry(
                "transposed and grouped",
                over(
                    "ConvTranspose",
                    new long[] {12, 3, 11},
                    new long[] {12, 5, 3, 3},
                    ints("strides", 2, 1),
                    number("group", 3))),
            Map.entry("MatMul and Add", matMul())));
  }

  static Stream<Arguments> networks() {
    return byName().entrySet().stream().map(n -> Arguments.of(n.getKey(), n.getValue()));
  }

  static Stream<Arguments> cases() {
    List<List<String>> sums =
        List.of(
            List.of("dense"),
            List.of("channel"),
            List.of("spatial"),
            List.of("tucker"),
            List.of("chain"),
            List.of("channels"),
            List.of("filters"),
            List.of("channel", "channels"),
            List.of("filters", "spatial"),
            List.of("filters", "channels"),
            List.of("empty", "tucker", "channels", "filters"));
    return byName().entrySet().stream()
        .flatMap(n -> sums.stream().map(sum -> Arguments.of(n.getKey(), sum, n.getValue())));
  }

  @ParameterizedTest(name = "{0} as {1}")
  @MethodSource("cases")
  void aLayerWrittenAsComponentsComputesTheirSum(
      String name, List<String> components, OnnxNetwork network) {
    NetworkLayers layers = Networks.layers(network);
    assertThat(layers.kept()).as(name).isEmpty();
    Layer layer = layers.compressible().get(0);
    List<Approximation> groups = Networks.approximations(layer, components, 11);
    OnnxNetwork rewritten = rewrite(network, layer, groups);
    Networks.assertSameOutputs(rewritten, rewrite(network, layer, sums(layer, groups)), TOLERANCE);
    assertWeightsAndMacsAsPriced(rewritten, layer, groups);
  }

  private static OnnxNetwork rewrite(OnnxNetwork network, Layer layer, List<Approximation> groups) {
    return ModelRewriter.rewrite(network, List.of(new Replacement(layer, groups)), Map.of());
  }

  private static List<Approximation> sums(Layer layer, List<Approximation> groups) {
    return groups.stream().map(g -> dense(g.matrix(layer.shape()), g.bias())).toList();
  }

  private static Approximation dense(Matrix kernel, double[] bias) {
    return new Approximation(List.of(new Component.Dense(kernel)), bias);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void aLayerReplacedWithItselfComputesTheSame(String name, OnnxNetwork network) {
    Layer layer = Networks.layers(network).compressible().get(0);
    Networks.assertSameOutputs(rewrite(network, layer, itself(network, layer)), network, TOLERANCE);
  }

  private static List<Approximation> itself(OnnxNetwork network, Layer layer) {
    return IntStream.range(0, layer.groups())
        .mapToObj(
            g ->
                dense(
                    Matrix.of(
                        layer.shape().outputs(),
                        layer.shape().columns(),
                        LayerWeights.kernel(network, layer, g)),
                    LayerWeights.bias(network, layer, g)))
        .toList();
  }

  private static void assertWeightsAndMacsAsPriced(
      OnnxNetwork rewritten, Layer layer, List<Approximation> groups) {
    LayerCost priced =
        groups.stream()
            .map(g -> g.cost(layer.shape(), layer.geometry()))
            .reduce(LayerCost.ZERO, LayerCost::plus);
    assertThat(Networks.layers(rewritten).total()).isEqualTo(priced);
  }

  @Test
  void groupsOfDifferentStructureAreSplitAndJoined() {
    for (long opset : new long[] {9, 13}) {
      OnnxNetwork network =
          Networks.read(
              ModelBuilder.seeded(3)
                  .opset(opset)
                  .input("x", -1, 8, 9, 11)
                  .conv("c", "x", 10, 4, 3, number("group", 2))
                  .output("c", -1, 10, -1, -1));
      Layer layer = Networks.layers(network).compressible().get(0);
      List<Approximation> groups =
          List.of(
              Networks.approximations(layer, List.of("spatial"), 1).get(0),
              Networks.approximations(layer, List.of("channels", "filters"), 2).get(0));
      OnnxNetwork rewritten = rewrite(network, layer, groups);
      Networks.assertSameOutputs(
          rewritten, rewrite(network, layer, sums(layer, groups)), TOLERANCE);
      assertWeightsAndMacsAsPriced(rewritten, layer, groups);
    }
  }

  @Test
  void halfPrecisionStaysHalfPrecision() {
    float[] values = new float[8 * 4 * 9];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 37 % 101 - 50) / 256f;
    }
    Onnx.TensorProto.DataType half = Onnx.TensorProto.DataType.FLOAT16;
    OnnxNetwork network =
        Networks.read(
            image()
                .initializer(Tensors.of("w", half, new long[] {8, 4, 3, 3}, values))
                .node("Cast", "h", List.of("x"), List.of("h"), number("to", half.getNumber()))
                .node("Conv", "c", List.of("h", "w"), List.of("c"))
                .node("Cast", "y", List.of("c"), List.of("y"), number("to", 1))
                .output("y", -1, 8, -1, -1));
    Layer layer = Networks.layers(network).compressible().get(0);
    List<Approximation> groups =
        Networks.approximations(layer, List.of("spatial", "channels", "filters"), 5);
    OnnxNetwork rewritten = rewrite(network, layer, groups);
    assertThat(rewritten.model().getGraph().getInitializerList())
        .filteredOn(tensor -> tensor.getDataType() != Onnx.TensorProto.DataType.INT64_VALUE)
        .hasSizeGreaterThan(3)
        .allMatch(tensor -> tensor.getDataType() == half.getNumber());
    Networks.assertSameOutputs(rewritten, rewrite(network, layer, sums(layer, groups)), 0.05f);
  }

  @Test
  void oldWeightsLeaveTheFileAndTheRestStays() {
    OnnxNetwork plain = byName().get("3x3");
    OnnxNetwork network =
        OnnxNetwork.of(
            plain.model().toBuilder()
                .addMetadataProps(
                    Onnx.StringStringEntryProto.newBuilder().setKey("author").setValue("someone"))
                .build());
    Layer layer = Networks.layers(network).compressible().get(0);
    List<Replacement> replacements =
        List.of(new Replacement(layer, Networks.approximations(layer, List.of("tucker"), 1)));
    OnnxNetwork rewritten =
        ModelRewriter.rewrite(network, replacements, Map.of("pare.b", "2", "pare.a", "1"));
    assertThat(rewritten.metadata())
        .isEqualTo(Map.of("author", "someone", "pare.a", "1", "pare.b", "2"));
    assertThat(rewritten.constant("c.weight")).isEmpty();
    assertThat(rewritten.constant("c.bias")).isEmpty();
    assertThat(rewritten.nodes()).hasSize(4);
    assertThat(rewritten.model().getOpsetImportList())
        .isEqualTo(network.model().getOpsetImportList());
    assertThat(rewritten.toBytes())
        .hasSizeLessThan(network.toBytes().length)
        .isEqualTo(
            ModelRewriter.rewrite(network, replacements, Map.of("pare.a", "1", "pare.b", "2"))
                .toBytes());
    ModelReader.read("rewritten", rewritten.toBytes(), ExternalData.none());
  }

  @Test
  void anOldModelDeclaresItsNewWeightsAsInputs() {
    OnnxNetwork network =
        Networks.read(
            image().opset(9).irVersion(3).conv("c", "x", 8, 4, 3).output("c", -1, 8, -1, -1));
    Layer layer = Networks.layers(network).compressible().get(0);
    List<Approximation> groups = Networks.approximations(layer, List.of("channel"), 1);
    OnnxNetwork rewritten = rewrite(network, layer, groups);
    assertThat(rewritten.model().getGraph().getInputList())
        .extracting(Onnx.ValueInfoProto::getName)
        .containsAll(
            rewritten.model().getGraph().getInitializerList().stream()
                .map(Onnx.TensorProto::getName)
                .toList());
    assertThat(rewritten.inputName()).isEqualTo("x");
  }

  @Test
  void aLayerCannotBeReplacedTwiceOrWithNothing() {
    OnnxNetwork network = byName().get("3x3");
    Layer layer = Networks.layers(network).compressible().get(0);
    Replacement once =
        new Replacement(layer, Networks.approximations(layer, List.of("channel"), 1));
    assertThatThrownBy(() -> ModelRewriter.rewrite(network, List.of(once, once), Map.of()))
        .hasMessage("layer c is replaced twice");
    List<Approximation> nothing = Networks.approximations(layer, List.of("empty"), 1);
    assertThatThrownBy(() -> rewrite(network, layer, nothing))
        .hasMessage("an approximation without weights cannot be written");
    assertThatThrownBy(() -> new Replacement(layer, List.of()))
        .hasMessage("layer c has 1 groups, not 0");
    assertThatThrownBy(() -> ModelRewriter.rewrite(network, List.of(once), Map.of("a", "b")))
        .hasMessage("metadata key without pare.: a");
  }

  @Test
  void writtenFactorsHaveOneScaleHoweverTheyWereFitted() {
    OnnxNetwork network = convolution(13, 4, 3, 3);
    Layer layer = Networks.layers(network).compressible().get(0);
    int rank = 4;
    Matrix vertical = normal(rank, 12, 1);
    Matrix horizontal = normal(8, rank * 3, 2);
    vertical = DenseAlgebra.combine(vertical, vertical, 5000);
    horizontal = DenseAlgebra.combine(horizontal, horizontal, -0.9998);
    Approximation uneven =
        new Approximation(
            List.of(Component.Factors.of(Form.SPATIAL, vertical, horizontal)), new double[8]);

    OnnxNetwork rewritten = rewrite(network, layer, List.of(uneven));

    List<Onnx.TensorProto> weights =
        rewritten.model().getGraph().getInitializerList().stream()
            .filter(tensor -> tensor.getName().contains("/pare/weight"))
            .toList();
    assertThat(weights).hasSize(2);
    Matrix first = Matrix.of(rank, 12, Tensors.floats(weights.get(0)));
    Matrix second = Matrix.of(8, rank * 3, Tensors.floats(weights.get(1)));
    for (int q = 0; q < rank; q++) {
      double before = Matrices.norm(first.rows(new int[] {q}));
      double behind = Matrices.norm(second.columnsFrom(3 * q, 3));
      assertThat(before / behind).isBetween(0.5, 2.0);
    }
    Networks.assertSameOutputs(
        rewritten, rewrite(network, layer, sums(layer, List.of(uneven))), 1e-3f);
  }
}
