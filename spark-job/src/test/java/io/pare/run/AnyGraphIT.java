package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.model.OnnxNetwork;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.model.rewrite.PreparedGraph;
import io.pare.testing.GraphKinds;
import io.pare.testing.Networks;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whatever way a network is written in: its layers become smaller, and the result runs. */
class AnyGraphIT {
  private static final String LAST = "raw,layout=nhwc,scale=1/255";

  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  @TempDir static Path folder;

  @Test
  void convolutionsOverOneAxisAndThreeAndTransposedOnesBecomeSmaller() throws IOException {
    assertSmaller("axes", GraphKinds.axes(), Set.of("signal", "volume", "up"));
  }

  @Test
  void productsOfThreeDimensionsBecomeSmallerWhereverTheirImagesLie() throws IOException {
    assertSmaller("tokens", GraphKinds.tokens(-1), Set.of("query.raw", "value.raw", "middle"));
  }

  @Test
  void aNetworkForOneImageAtATimeBecomesSmaller() throws IOException {
    assertSmaller("one", GraphKinds.tokens(1), Set.of("query.raw", "middle"));
  }

  @Test
  void sharedWeightsAreCompressedOnceAndUsedByAll() throws IOException {
    assertSmaller("shared", GraphKinds.shared(), Set.of("head"));
    OnnxNetwork published = read("shared");
    Set<String> weights = new HashSet<>();
    long factors =
        published.nodes().stream()
            .filter(node -> node.getOpType().equals("Conv") && !node.getName().equals("stem"))
            .peek(node -> weights.add(node.getInput(1)))
            .count();
    assertThat(factors).isEqualTo(2L * weights.size());
  }

  @Test
  void weightsBehindOtherNodesAndChannelsAtTheEndBecomeSmaller() throws IOException {
    Set<String> layers = Set.of("stem", "square", "mix", "head");
    assertSmaller("last", GraphKinds.channelsLast(), layers, Map.of("preprocessing", LAST));
    assertThat(activations("last", layers)).containsOnly("relu", "identity");
    assertThat(activations("last", Set.of("stem", "square", "mix"))).containsOnly("relu");
  }

  @Test
  void functionsSecondInputsAndATransposedInputAreNoObstacle() throws IOException {
    byte[] model = GraphKinds.calls();
    String inner = inner(model);
    assertSmaller("calls", model, Set.of(inner, "across", "head"), Map.of("inputs", "gain=2"));
    assertThat(activations("calls", Set.of(inner))).containsExactly("relu");
  }

  /** The name that the convolution within the function has once it is written out. */
  private static String inner(byte[] model) {
    OnnxNetwork network = ModelReader.read("calls", model, ExternalData.none());
    return PreparedGraph.of(network).nodes().stream()
        .filter(node -> node.getOpType().equals("Conv") && !node.getName().equals("stem"))
        .map(node -> node.getName().isEmpty() ? node.getOutput(0) : node.getName())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDepthwiseLayerLosesTheChannelsThatTheNextOneDrops() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("mobile", GraphKinds.mobile(), "params=1.0");
    keys.put("forms", "kept-inputs");
    keys.put("layers", "ratio=2@project1,ratio=2@project2");
    GoalJobs.compress(SPARK.context(), keys);
    Networks.run(read("mobile"), 3);
    for (String number : List.of("1", "2")) {
      long kept = filters("project" + number, 1);
      assertThat(kept).isBetween(1L, 24L);
      assertThat(filters("depthwise" + number, 0)).isEqualTo(kept);
      assertThat(filters("expand" + number, 0)).isEqualTo(kept);
    }
    for (JsonNode layer : jobs.report("mobile").get("layers")) {
      if (layer.get("name").asText().startsWith("depthwise")) {
        assertThat(layer.get("weightsAfter").asLong())
            .isLessThanOrEqualTo(layer.get("weightsBefore").asLong() / 2);
      }
    }
  }

  /** A dimension of the weights of the published node that writes a tensor. */
  private static long filters(String tensor, int dimension) throws IOException {
    OnnxNetwork published = read("mobile");
    return published
        .constant(published.producer(tensor).orElseThrow().getInput(1))
        .orElseThrow()
        .getDims(dimension);
  }

  @Test
  void aNetworkForGreyImagesBecomesSmaller() throws IOException {
    assertSmaller(
        "grey",
        GraphKinds.grey(),
        Set.of("wide"),
        Map.of("preprocessing", "raw,channels=grey,scale=1/255"));
    assertThat(new GoalJobs(folder).json("grey", "manifest.json").toString())
        .contains("channels=grey");
  }

  @Test
  void aNetworkWhoseLayersAllStayIsPublishedNodeByNodeAndTensorByTensor() throws IOException {
    byte[] model = GraphKinds.axes();
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("kept", model, "params=1.0");
    keys.put("layers", "keep@stem,keep@signal,keep@volume,keep@up");
    GoalJobs.compress(SPARK.context(), keys);
    OnnxNetwork original = ModelReader.read("axes", model, ExternalData.none());
    OnnxNetwork published = read("kept");
    assertThat(published.nodes()).isEqualTo(original.nodes());
    assertThat(published.model().getGraph()).isEqualTo(original.model().getGraph());
  }

  private static void assertSmaller(String name, byte[] model, Set<String> layers)
      throws IOException {
    assertSmaller(name, model, layers, Map.of());
  }

  private static void assertSmaller(
      String name, byte[] model, Set<String> layers, Map<String, String> more) throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys(name, model, "params=1.0");
    keys.put("forms", "low-rank-channel");
    keys.put(
        "layers",
        "keep@*," + String.join(",", layers.stream().map(l -> "ratio=1.3@" + l).toList()));
    keys.putAll(more);
    GoalJobs.compress(SPARK.context(), keys);
    Networks.run(read(name), 3);
    for (JsonNode layer : jobs.report(name).get("layers")) {
      if (layers.contains(layer.get("name").asText())) {
        assertThat(layer.at("/structure").asText()).as(layer.toString()).startsWith("channel(");
        assertThat(layer.get("weightsAfter").asLong())
            .isLessThan(layer.get("weightsBefore").asLong());
      }
    }
  }

  private static List<String> activations(String name, Set<String> layers) throws IOException {
    List<String> found = new ArrayList<>();
    for (JsonNode layer : new GoalJobs(folder).report(name).get("layers")) {
      if (layers.contains(layer.get("name").asText())) {
        found.add(layer.get("activation").asText());
      }
    }
    assertThat(found).hasSameSizeAs(layers);
    return found;
  }

  private static OnnxNetwork read(String name) throws IOException {
    return ModelReader.read(name, new GoalJobs(folder).model(name), ExternalData.none());
  }
}
