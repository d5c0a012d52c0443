package io.pare.model.rewrite;

import static io.pare.testing.ModelBuilder.ints;
import static org.assertj.core.api.Assertions.assertThat;

import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import io.pare.testing.SharedMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChannelFlowTest {

  private static ModelBuilder image() {
    return ModelBuilder.seeded(5).input("x", -1, 3, 8, 8);
  }

  /** A network with its layers by name. */
  private record Flow(ChannelFlow flow, NetworkLayers layers) {
    static Flow of(OnnxNetwork network) {
      NetworkLayers layers = Networks.layers(network);
      return new Flow(
          ChannelFlow.of(
              network, layers, ShapeMeasurement.of(network, Networks.image(network)), List.of()),
          layers);
    }

    Layer layer(String name) {
      return layers.named(name).orElseThrow();
    }

    List<List<ChannelSource>> sources(String name) {
      return flow.sources(layer(name));
    }

    List<String> consumers(String name) {
      return flow.consumers(layer(name)).stream().map(Layer::name).toList();
    }

    ChannelSource source(String name, int filter) {
      return new ChannelSource(layer(name), filter);
    }
  }

  @Test
  void aChannelComesFromOneFilterThroughConcatAndPool() {
    Flow flow =
        Flow.of(
            Networks.read(
                image()
                    .conv("a", "x", 2, 3, 1)
                    .conv("c", "x", 3, 3, 3, ints("pads", 1, 1, 1, 1))
                    .concat("j", "a", "c")
                    .relu("r", "j")
                    .maxPool("p", "r", 2, 2)
                    .conv("b", "p", 4, 5, 1)
                    .output("b", -1, 4, -1, -1)));
    assertThat(flow.sources("b"))
        .containsExactly(
            List.of(flow.source("a", 0)),
            List.of(flow.source("a", 1)),
            List.of(flow.source("c", 0)),
            List.of(flow.source("c", 1)),
            List.of(flow.source("c", 2)));
    assertThat(flow.sources("a")).as("the image").containsOnly(List.of());
    assertThat(flow.consumers("a")).containsExactly("b");
    assertThat(flow.consumers("b")).isEmpty();
  }

  @Test
  void behindAnAddAChannelComesFromEveryBranch() {
    Flow flow =
        Flow.of(
            Networks.read(
                image()
                    .conv("a", "x", 2, 3, 1)
                    .conv("c", "a", 2, 2, 1)
                    .add("s", "a", "c")
                    .conv("b", "s", 4, 2, 1)
                    .output("b", -1, 4, -1, -1)));
    assertThat(flow.sources("b"))
        .containsExactly(
            List.of(flow.source("a", 0), flow.source("c", 0)),
            List.of(flow.source("a", 1), flow.source("c", 1)));
    assertThat(flow.consumers("a")).containsExactly("c", "b");
    assertThat(flow.consumers("c")).containsExactly("c", "b");
    assertThat(flow.flow().unread(Map.of(flow.layer("b"), new int[] {1})))
        .as("c still reads both")
        .isEmpty();
    assertThat(
            flow.flow()
                .unread(Map.of(flow.layer("b"), new int[] {1}, flow.layer("c"), new int[] {1})))
        .containsOnlyKeys(flow.layer("a"), flow.layer("c"))
        .allSatisfy((layer, filters) -> assertThat(filters).containsExactly(0));
  }

  @Test
  void behindAFlattenSeveralColumnsShareAFilter() {
    Flow flow =
        Flow.of(
            Networks.read(
                image()
                    .conv("a", "x", 2, 3, 7)
                    .flatten("f", "a")
                    .gemm("b", "f", 5, 8)
                    .output("b", -1, 5)));
    assertThat(flow.sources("b").subList(0, 4)).containsOnly(List.of(flow.source("a", 0)));
    assertThat(flow.sources("b").subList(4, 8)).containsOnly(List.of(flow.source("a", 1)));
  }

  @Test
  void theSqueezeLayersOfSqueezeNetReadTheExpandLayers() throws IOException {
    Flow flow =
        Flow.of(
            ModelReader.read(
                "squeezenet1.1",
                Files.readAllBytes(SharedMaterial.require("models/squeezenet1.1.onnx")),
                ExternalData.none()));
    List<Layer> layers = flow.layers().compressible();
    // conv1, then squeeze, expand 1x1 and expand 3x3 of eight modules, then conv10.
    for (int module = 1; module < 8; module++) {
      Layer squeeze = layers.get(1 + 3 * module);
      Layer one = layers.get(3 * module - 1);
      Layer three = layers.get(3 * module);
      List<List<ChannelSource>> sources = flow.flow().sources(squeeze);
      int half = squeeze.shape().inputChannels() / 2;
      assertThat(sources.get(0)).containsExactly(new ChannelSource(one, 0));
      assertThat(sources.get(half + 1)).containsExactly(new ChannelSource(three, 1));
      assertThat(flow.flow().consumers(one)).containsExactly(squeeze);
    }
    assertThat(flow.flow().consumers(layers.get(25))).as("the output of the network").isEmpty();
  }
}
