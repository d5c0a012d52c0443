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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

    /** The filters that go, as "layer 2", when these layers and nobody else drop one channel. */
    List<String> dropped(int channel, String... readers) {
      Map<Layer, int[]> kept = new HashMap<>();
      for (String reader : readers) {
        Layer layer = layer(reader);
        int channels = layer.groups() * layer.shape().inputChannels();
        kept.put(layer, IntStream.range(0, channels).filter(c -> c != channel).toArray());
      }
      return flow.unread(kept).entrySet().stream()
          .flatMap(
              lost ->
                  Arrays.stream(lost.getValue())
                      .mapToObj(filter -> lost.getKey().name() + " " + filter))
          .toList();
    }
  }

  @Test
  void theInputsThatOneFilterComputesLieTogetherBehindAFlattenAlone() {
    Flow flow =
        Flow.of(
            Networks.read(
                image()
                    .conv("a", "x", 5, 3, 3)
                    .relu("r", "a")
                    .flatten("flat", "r")
                    .gemm("b", "flat", 7, 5 * 36)
                    .gemm("c", "b", 4, 7)
                    .output("c", -1, 4)));
    assertThat(flow.flow().together(flow.layer("a"))).isEqualTo(1);
    assertThat(flow.flow().together(flow.layer("b"))).isEqualTo(36);
    assertThat(flow.flow().together(flow.layer("c"))).isEqualTo(1);
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
    assertThat(IntStream.range(0, 5).mapToObj(channel -> flow.dropped(channel, "b")))
        .containsExactly(
            List.of("a 0"), List.of("a 1"), List.of("c 0"), List.of("c 1"), List.of("c 2"));
    assertThat(flow.dropped(0, "a")).as("the image").isEmpty();
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
    assertThat(flow.dropped(0, "b")).as("c still reads both").isEmpty();
    assertThat(flow.dropped(0, "c")).as("b still reads both").isEmpty();
    assertThat(flow.dropped(0, "b", "c")).containsExactly("a 0", "c 0");
    assertThat(flow.dropped(1, "b", "c")).containsExactly("a 1", "c 1");
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
    assertThat(flow.dropped(0, "b")).as("three columns are still read").isEmpty();
    assertThat(flow.flow().unread(Map.of(flow.layer("b"), new int[] {0, 1, 2, 3})))
        .containsOnlyKeys(flow.layer("a"))
        .allSatisfy((layer, filters) -> assertThat(filters).containsExactly(1));
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
      int half = squeeze.shape().inputChannels() / 2;
      assertThat(flow.dropped(0, squeeze.name())).containsExactly(one.name() + " 0");
      assertThat(flow.dropped(half + 1, squeeze.name())).containsExactly(three.name() + " 1");
    }
  }
}
