package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A layer whose statistics are products of distributed matrices, in both spaces. */
class WideLayersIT {
  private static final String WIDE = "wide";

  @TempDir private Path folder;

  @Test
  void aWideLayerHasTheFamiliesOfANarrowOneAndTheSameBytesOnAnyThreads() throws IOException {
    Map<String, String> wide = Map.of("wide-columns", "300", "largest-system", "1000");
    Path one = compressed("local[1]", "one", wide);
    Path two = compressed("local[2]", "two", wide);
    Path narrow = compressed("local[2]", "narrow", Map.of("wide-columns", "8192"));

    assertThat(two.resolve("model.onnx")).hasSameBinaryContentAs(one.resolve("model.onnx"));
    JsonNode layer = layer(two);
    assertThat(families(two))
        .isEqualTo(families(narrow))
        .contains("kept-inputs", "channel-kept-inputs", "admm-kept-inputs");
    // Two whole channels of the convolution before the Flatten, 13 x 13 inputs each.
    assertThat(layer.findValuesAsText("structure")).contains("inputs(338)");
    assertThat(layer.get("weightsAfter").asLong())
        .isLessThan(layer.get("weightsBefore").asLong() / 2);
    assertThat(layer.get("error").asDouble())
        .isBetween(0.0, 1.1 * layer(narrow).get("error").asDouble() + 0.01);
  }

  @Test
  void aLayerWiderThanAnySystemIsSolvedInTheSpaceOfItsSamples() throws IOException {
    Map<String, String> wide = Map.of("wide-columns", "300", "largest-system", "600");
    Path one = compressed("local[1]", "one", wide);
    Path two = compressed("local[2]", "two", wide);

    assertThat(two.resolve("model.onnx")).hasSameBinaryContentAs(one.resolve("model.onnx"));
    assertThat(families(two)).contains("low-rank-channel", "kept-inputs", "channel-kept-inputs");
    assertThat(layer(two).get("error").asDouble()).isBetween(0.0, 0.3);
  }

  @Test
  void aLayerOfMoreInputsAndSamplesThanAnySystemIsSolvedInStrips() throws IOException {
    Map<String, String> strips = Map.of("wide-columns", "300", "largest-system", "30");
    Path one = compressed("local[1]", "one", strips);
    Path two = compressed("local[2]", "two", strips);
    Path columns = compressed("local[2]", "columns", Map.of("wide-columns", "300"));

    assertThat(two.resolve("model.onnx")).hasSameBinaryContentAs(one.resolve("model.onnx"));
    assertThat(families(two)).contains("low-rank-channel", "kept-inputs", "channel-kept-inputs");
    assertThat(layer(two).findValuesAsText("structure")).contains("inputs(338)");
    assertThat(layer(two).get("error").asDouble())
        .isBetween(0.0, 1.1 * layer(columns).get("error").asDouble() + 0.01);
  }

  @Test
  void aNarrowLayerOfMoreSamplesThanATaskHoldsIsSolvedLikeAWideOne() throws IOException {
    Map<String, String> little = Map.of("task-samples", "1");
    Path one = compressed(GoalJobs.heavy(), "local[1]", "one", little);
    Path two = compressed(GoalJobs.heavy(), "local[2]", "two", little);
    Path narrow = compressed(GoalJobs.heavy(), "local[2]", "narrow", Map.of());

    assertThat(two.resolve("model.onnx")).hasSameBinaryContentAs(one.resolve("model.onnx"));
    // Statistics of distributed matrices are rounded, so that their bytes are others.
    assertThat(Files.mismatch(two.resolve("model.onnx"), narrow.resolve("model.onnx")))
        .isNotNegative();
    assertThat(families(two)).isEqualTo(families(narrow)).contains("low-rank-spatial");
    assertThat(layer(two).get("error").asDouble())
        .isBetween(0.0, 1.1 * layer(narrow).get("error").asDouble() + 0.01);
  }

  private static JsonNode layer(Path output) throws IOException {
    for (JsonNode layer : report(output).get("layers")) {
      if (layer.get("name").asText().equals(WIDE)) {
        return layer;
      }
    }
    throw new AssertionError("no layer " + WIDE);
  }

  private static Set<String> families(Path output) throws IOException {
    return new TreeSet<>(layer(output).findValuesAsText("family"));
  }

  private static JsonNode report(Path output) throws IOException {
    return new ObjectMapper().readTree(output.resolve("report.json").toFile());
  }

  private Path compressed(String master, String name, Map<String, String> options)
      throws IOException {
    return compressed(GoalJobs.wide(), master, name, options);
  }

  private Path compressed(byte[] model, String master, String name, Map<String, String> options)
      throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys(name, model, "params=3.0");
    keys.put(
        "forms",
        "low-rank-channel,low-rank-spatial,kept-inputs,channel-kept-inputs,admm-kept-inputs");
    keys.putAll(options);
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf(master, "wide"))) {
      GoalJobs.compress(spark, keys);
    }
    return jobs.output(name);
  }
}
