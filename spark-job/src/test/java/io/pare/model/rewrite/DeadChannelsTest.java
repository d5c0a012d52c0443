package io.pare.model.rewrite;

import static io.pare.testing.ModelBuilder.ints;
import static io.pare.testing.ModelBuilder.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.proto.Onnx;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import io.pare.testing.SharedMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DeadChannelsTest {
  private static final float TOLERANCE = 1e-5f;

  private static ModelBuilder image() {
    return ModelBuilder.seeded(5).input("x", -1, 3, 8, 8);
  }

  private static ModelBuilder chain(String last) {
    return image().conv("a", "x", 6, 3, 3).relu("r", "a").conv("b", last, 4, 6, 1);
  }

  /** Operators between a (6 filters) and b, which keeps channels 1 and 4. */
  static Stream<Arguments> operatorsThatLetChannelsThrough() {
    return Stream.of(
        Arguments.of("Relu", image().conv("a", "x", 6, 3, 3).relu("t", "a")),
        Arguments.of(
            "Clip, Identity, Dropout and LeakyRelu",
            image()
                .conv("a", "x", 6, 3, 3)
                .initializer(ModelBuilder.floats("low", new long[0], -0.5f))
                .node("Clip", "c", List.of("a", "low"), List.of("c"))
                .node("Identity", "i", List.of("c"), List.of("i"))
                .node("Dropout", "d", List.of("i"), List.of("d"))
                .node("LeakyRelu", "t", List.of("d"), List.of("t"))),
        Arguments.of("MaxPool", image().conv("a", "x", 6, 3, 3).maxPool("t", "a", 2, 2)),
        Arguments.of("AveragePool", image().conv("a", "x", 6, 3, 3).averagePool("t", "a", 3, 1)),
        Arguments.of(
            "GlobalAveragePool", image().conv("a", "x", 6, 3, 3).globalAveragePool("t", "a")),
        Arguments.of(
            "ReduceMean over rows and columns",
            image()
                .conv("a", "x", 6, 3, 3)
                .node("ReduceMean", "t", List.of("a"), List.of("t"), ints("axes", -1, 2))),
        Arguments.of(
            "BatchNormalization",
            image().conv("a", "x", 6, 3, 3).relu("r", "a").batchNormalization("t", "r", 6)),
        Arguments.of(
            "GELU and SELU",
            image()
                .conv("a", "x", 6, 3, 3)
                .initializer(ModelBuilder.floats("root", new long[0], 0.7071f))
                .initializer(ModelBuilder.floats("one", new long[0], 1))
                .node("Mul", "m", List.of("a", "root"), List.of("m"))
                .node("Erf", "e", List.of("m"), List.of("e"))
                .node("Add", "p", List.of("e", "one"), List.of("p"))
                .node("Mul", "g", List.of("a", "p"), List.of("g"))
                .node("Selu", "t", List.of("g"), List.of("t"))),
        Arguments.of(
            "a depthwise convolution",
            image()
                .conv("a", "x", 6, 3, 3)
                .relu("r", "a")
                .conv("t", "r", 6, 1, 3, number("group", 6))),
        Arguments.of(
            "Mul, Sub, Div and PRelu with constants",
            image()
                .conv("a", "x", 6, 3, 3)
                .weights("scale", 6, 1, 1)
                .weights("shift", 1, 6, 1, 1)
                .initializer(ModelBuilder.floats("half", new long[] {1}, 0.5f))
                .weights("slope", 6, 1, 1)
                .node("Mul", "m", List.of("scale", "a"), List.of("m"))
                .node("Sub", "s", List.of("m", "shift"), List.of("s"))
                .node("Div", "d", List.of("s", "half"), List.of("d"))
                .node("PRelu", "t", List.of("d", "slope"), List.of("t"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operatorsThatLetChannelsThrough")
  void aFilterThatNobodyReadsGoesThrough(String operator, ModelBuilder start) {
    OnnxNetwork network = Networks.read(start.conv("b", "t", 4, 6, 1).output("b", -1, 4, -1, -1));

    OnnxNetwork smaller = assertRemoves(network, Map.of("b", new int[] {1, 4}), "a", 2);

    assertThat(smaller.nodes()).as(operator).noneMatch(node -> node.getOpType().equals("Gather"));
  }

  @Test
  void operatorsThatMixChannelsStopIt() {
    OnnxNetwork lrn =
        Networks.read(
            image()
                .conv("a", "x", 6, 3, 3)
                .node("LRN", "t", List.of("a"), List.of("t"), number("size", 3))
                .conv("b", "t", 4, 6, 1)
                .output("b", -1, 4, -1, -1));
    assertRemoves(lrn, Map.of("b", new int[] {1, 4}), "a", 6);
    OnnxNetwork grouped =
        Networks.read(
            image()
                .conv("a", "x", 6, 3, 3)
                .conv("g", "a", 6, 3, 1, number("group", 2))
                .conv("b", "g", 4, 6, 1)
                .output("b", -1, 4, -1, -1));
    assertRemoves(grouped, Map.of("b", new int[] {1, 4}), "a", 6);
  }

  @Test
  void whatTheCallerSeesOrAnotherLayerReadsStays() {
    ModelBuilder seen = chain("r").output("b", -1, 4, -1, -1).output("r", -1, 6, -1, -1);
    assertRemoves(Networks.read(seen), Map.of("b", new int[] {1, 4}), "a", 6);
    ModelBuilder whole =
        chain("r").conv("c", "r", 4, 6, 1).add("y", "b", "c").output("y", -1, 4, -1, -1);
    assertRemoves(Networks.read(whole), Map.of("b", new int[] {1, 4}), "a", 6);
  }

  @Test
  void readersThatDisagreeKeepWhatAnyOfThemReads() {
    ModelBuilder model =
        chain("r").conv("c", "r", 4, 6, 1).add("y", "b", "c").output("y", -1, 4, -1, -1);
    Map<String, int[]> kept = new LinkedHashMap<>();
    kept.put("b", new int[] {1, 4});
    kept.put("c", new int[] {0, 1});
    assertRemoves(Networks.read(model), kept, "a", 3);
  }

  @Test
  void aConcatSplitsTheChannelsAmongItsInputs() {
    ModelBuilder model =
        image()
            .conv("a", "x", 4, 3, 1)
            .conv("c", "x", 5, 3, 3, ints("pads", 1, 1, 1, 1))
            .concat("j", "a", "c")
            .maxPool("p", "j", 2, 2)
            .conv("b", "p", 4, 9, 1)
            .output("b", -1, 4, -1, -1);
    Map<String, int[]> kept = Map.of("b", new int[] {0, 3, 5, 6, 8});
    assertRemoves(Networks.read(model), kept, "a", 2);
    assertRemoves(Networks.read(model), kept, "c", 3);
  }

  @Test
  void aLayerWithoutReadersKeepsOneFilter() {
    ModelBuilder model =
        image()
            .conv("a", "x", 4, 3, 1)
            .conv("c", "x", 5, 3, 1)
            .concat("j", "a", "c")
            .conv("b", "j", 4, 9, 1)
            .output("b", -1, 4, -1, -1);
    assertRemoves(Networks.read(model), Map.of("b", new int[] {5, 6}), "a", 1);
  }

  @Test
  void throughAnAddAllBranchesHaveToAgree() {
    ModelBuilder model =
        image()
            .conv("a", "x", 6, 3, 1)
            .conv("c", "x", 6, 3, 1)
            .add("s", "a", "c")
            .relu("r", "s")
            .conv("b", "r", 4, 6, 1)
            .output("b", -1, 4, -1, -1);
    assertRemoves(Networks.read(model), Map.of("b", new int[] {1, 4}), "a", 2);
    assertRemoves(Networks.read(model), Map.of("b", new int[] {1, 4}), "c", 2);
    // Beside the sum, a is read in full: c has to keep its filters for the sum.
    ModelBuilder disagreeing =
        image()
            .conv("a", "x", 6, 3, 1)
            .conv("c", "x", 6, 3, 1)
            .add("s", "a", "c")
            .relu("r", "s")
            .conv("b", "r", 4, 6, 1)
            .conv("d", "a", 4, 6, 1)
            .add("y", "b", "d")
            .output("y", -1, 4, -1, -1);
    assertRemoves(Networks.read(disagreeing), Map.of("b", new int[] {1, 4}), "c", 6);
    ModelBuilder image =
        ModelBuilder.seeded(5)
            .input("x", -1, 3, 8, 8)
            .conv("a", "x", 3, 3, 1)
            .add("s", "a", "x")
            .conv("b", "s", 4, 3, 1)
            .output("b", -1, 4, -1, -1);
    assertRemoves(Networks.read(image), Map.of("b", new int[] {1}), "a", 3);
  }

  @Test
  void behindAFlattenAChannelIsABlockOfColumns() {
    ModelBuilder model =
        image()
            .conv("a", "x", 3, 3, 3)
            .relu("r", "a")
            .maxPool("p", "r", 2, 2)
            .flatten("f", "p")
            .gemm("b", "f", 5, 27)
            .relu("s", "b")
            .gemm("c", "s", 4, 5)
            .output("c", -1, 4);
    Map<String, int[]> kept = new LinkedHashMap<>();
    kept.put("b", new int[] {0, 3, 18, 19, 20, 26});
    kept.put("c", new int[] {2, 3, 4});
    assertRemoves(Networks.read(model), kept, "a", 2);
    assertRemoves(Networks.read(model), kept, "b", 3);
  }

  @Test
  void theLastFactorOfASplitLayerLosesTheFilters() {
    for (String form : List.of("channel", "spatial", "tucker", "channels", "filters")) {
      OnnxNetwork network =
          Networks.read(
              image()
                  .conv("a", "x", 8, 3, 3)
                  .relu("r", "a")
                  .conv("m", "r", 6, 8, 3)
                  .relu("s", "m")
                  .conv("b", "s", 4, 6, 1)
                  .output("b", -1, 4, -1, -1));
      NetworkLayers layers = Networks.layers(network);
      Layer middle = layers.named("m").orElseThrow();
      OnnxNetwork written =
          ModelRewriter.rewrite(
              network,
              List.of(
                  new Replacement(middle, Networks.approximations(middle, List.of(form), 3)),
                  selection(layers.named("b").orElseThrow(), new int[] {1, 4})),
              Map.of());
      OnnxNetwork smaller = remove(written);
      Networks.assertSameOutputs(smaller, written, TOLERANCE);
      assertThat(Networks.layers(smaller).total().weights())
          .as(form)
          .isLessThan(Networks.layers(written).total().weights());
    }
  }

  @Test
  void aNetworkWithoutDeadChannelsStaysAsItIs() {
    OnnxNetwork network = Networks.read(chain("r").output("b", -1, 4, -1, -1));
    assertThat(remove(network).toBytes()).isEqualTo(network.toBytes());
  }

  @ParameterizedTest
  @CsvSource({"squeezenet1.1, 1", "squeezenet1.1, 2", "alexnet-cifar10, 3", "vgg16-cifar10, 4"})
  void aTrainedNetworkWithRandomSupportsComputesTheSameWithFewerWeights(String name, int seed)
      throws IOException {
    OnnxNetwork network =
        ModelReader.read(
            name,
            Files.readAllBytes(SharedMaterial.require("models/" + name + ".onnx")),
            ExternalData.none());
    NetworkLayers layers = Networks.layers(network);
    Random random = new Random(seed);
    List<Replacement> replacements = new ArrayList<>();
    Map<Layer, int[]> kept = new LinkedHashMap<>();
    for (Layer layer : layers.compressible()) {
      if (random.nextInt(4) > 0) {
        int channels = layer.shape().inputChannels();
        int[] support =
            random.ints(Math.max(1, channels * 2 / 3), 0, channels).sorted().distinct().toArray();
        replacements.add(selection(layer, support));
        kept.put(layer, support);
      }
    }
    OnnxNetwork written = ModelRewriter.rewrite(network, replacements, Map.of());
    OnnxNetwork smaller = remove(written);
    Networks.assertSameOutputs(smaller, written, 1e-4f);
    assertThat(Networks.layers(smaller).total().weights())
        .isLessThan(Networks.layers(written).total().weights());
    assertThat(ModelReader.read("smaller", smaller.toBytes(), ExternalData.none()).toBytes())
        .isEqualTo(smaller.toBytes());
    ChannelFlow flow =
        ChannelFlow.of(
            network, layers, ShapeMeasurement.of(network, Networks.image(network)), List.of());
    assertFiltersAre(written, smaller, flow.unread(kept));
  }

  @Test
  void aLayerThatIsToStayKeepsItsUnreadFilters() {
    OnnxNetwork network = Networks.read(chain("r").output("b"));
    NetworkLayers layers = Networks.layers(network);
    List<Layer> whole = List.of(layers.named("a").orElseThrow());
    Layer reader = layers.named("b").orElseThrow();
    int[] support = {1, 4};
    OnnxNetwork written =
        ModelRewriter.rewrite(network, List.of(selection(reader, support)), Map.of());
    NetworkShapes shapes = ShapeMeasurement.of(written, Networks.image(written));
    assertThat(filters(DeadChannels.remove(written, shapes, List.of()), "a")).isEqualTo(2);
    assertThat(filters(DeadChannels.remove(written, shapes, whole), "a")).isEqualTo(6);
    ChannelFlow flow =
        ChannelFlow.of(
            network, layers, ShapeMeasurement.of(network, Networks.image(network)), whole);
    assertThat(flow.unread(Map.of(reader, support))).isEmpty();
  }

  /** The flow of the original network foretells what is removed from the written one. */
  private static void assertFiltersAre(
      OnnxNetwork written, OnnxNetwork smaller, Map<Layer, int[]> unread) {
    assertThat(unread).isNotEmpty();
    unread.forEach(
        (layer, filters) ->
            assertThat(filters(smaller, layer.output()))
                .as(layer.name())
                .isEqualTo(filters(written, layer.output()) - filters.length));
  }

  /** Drops all but some channels of layers and returns the network without what became unread. */
  private static OnnxNetwork assertRemoves(
      OnnxNetwork network, Map<String, int[]> kept, String producer, int filters) {
    NetworkLayers layers = Networks.layers(network);
    List<Replacement> replacements = new ArrayList<>();
    Map<Layer, int[]> channels = new LinkedHashMap<>();
    kept.forEach(
        (name, support) -> {
          Layer layer = layers.named(name).orElseThrow();
          replacements.add(selection(layer, support));
          channels.put(layer, support);
        });
    OnnxNetwork written = ModelRewriter.rewrite(network, replacements, Map.of());
    OnnxNetwork smaller = remove(written);
    Networks.assertSameOutputs(smaller, written, TOLERANCE);
    assertThat(filters(smaller, producer)).isEqualTo(filters);
    Layer layer = layers.named(producer).orElseThrow();
    ChannelFlow flow =
        ChannelFlow.of(
            network, layers, ShapeMeasurement.of(network, Networks.image(network)), List.of());
    assertThat(flow.unread(channels).getOrDefault(layer, new int[0]))
        .as("foretold from the original network")
        .hasSize(layer.shape().outputs() - filters);
    return smaller;
  }

  private static OnnxNetwork remove(OnnxNetwork written) {
    return DeadChannels.remove(
        written, ShapeMeasurement.of(written, Networks.image(written)), List.of());
  }

  private static Replacement selection(Layer layer, int[] support) {
    int taps = layer.shape().kernelHeight() * layer.shape().kernelWidth();
    Random random = new Random(support.length);
    Component component =
        new Component.KeptInputs(
            support, Networks.matrix(layer.shape().outputs(), support.length * taps, random));
    double[] bias = random.doubles(layer.shape().outputs(), 0, 0.1).toArray();
    return new Replacement(layer, List.of(new Approximation(List.of(component), bias)));
  }

  private static int filters(OnnxNetwork network, String output) {
    Onnx.NodeProto node = network.producer(output).orElseThrow();
    long[] dims = Tensors.dims(network.constant(node.getInput(1)).orElseThrow());
    return Math.toIntExact(dims[0]);
  }
}
