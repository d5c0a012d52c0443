package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.model.OnnxNetwork;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.GraphKinds;
import io.pare.testing.Networks;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whatever way a network is written in: its layers become smaller, and the result runs. */
class AnyGraphIT {
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
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys(name, model, "params=1.0");
    keys.put("forms", "low-rank-channel");
    keys.put(
        "layers",
        "keep@*," + String.join(",", layers.stream().map(l -> "ratio=1.3@" + l).toList()));
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

  private static OnnxNetwork read(String name) throws IOException {
    return ModelReader.read(name, new GoalJobs(folder).model(name), ExternalData.none());
  }
}
