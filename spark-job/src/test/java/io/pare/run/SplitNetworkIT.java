package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Networks;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that is split in the middle, with gates and two outputs. */
class SplitNetworkIT {
  private static final int SIDE = 28;

  @TempDir private Path folder;

  @Test
  void aSplitInTheMiddleIsWalkedAndItsGatesAreFitted() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("split", network(), "params=1.3");
    keys.put("forms", "low-rank-channel,low-rank-spatial");
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf("local[2]", "split"))) {
      GoalJobs.compress(spark, keys);
    }
    Path report = jobs.output("split").resolve("report.json");
    JsonNode layers = new ObjectMapper().readTree(report.toFile()).get("layers");
    for (JsonNode layer : layers) {
      String name = layer.get("name").asText();
      assertThat(layer.at("/analysis/candidates")).as(name).isNotEmpty();
      assertThat(layer.get("activation").asText())
          .as(name)
          .isEqualTo(Set.of("head", "box").contains(name) ? "identity" : "silu");
    }
    assertThat(layers).hasSize(7);
    assertThat(jobs.report("split").at("/after/accuracy/outputs")).hasSize(2);
    Networks.run(ModelReader.read("split", jobs.model("split"), ExternalData.none()), 2);
  }

  /** Scores of ten classes, and a map of boxes, which are values. */
  static byte[] network() {
    ModelBuilder model = ModelBuilder.seeded(5).input("x", -1, 3, SIDE, SIDE);
    gated(model, "stem", "x", 16, 3, 3);
    gated(model, "wide", "stem.gated", 32, 16, 1);
    model.node(
        "Split",
        "split",
        List.of("wide.gated"),
        List.of("left", "right"),
        ModelBuilder.number("axis", 1));
    gated(model, "m1", "right", 16, 16, 3);
    gated(model, "m2", "m1.gated", 16, 16, 3);
    model.add("sum", "right", "m2.gated").concat("cat", "left", "right", "sum");
    gated(model, "join", "cat", 32, 48, 1);
    return model
        .globalAveragePool("mean", "join.gated")
        .flatten("flat", "mean")
        .gemm("head", "flat", 10, 32)
        .conv("box", "join.gated", 8, 32, 3)
        .output("head", -1, 10)
        .output("box", -1, 8, SIDE - 4, SIDE - 4)
        .bytes();
  }

  private static void gated(
      ModelBuilder model, String name, String input, int filters, int channels, int kernel) {
    int pad = name.startsWith("m") ? 1 : 0;
    model
        .conv(name, input, filters, channels, kernel, ModelBuilder.ints("pads", pad, pad, pad, pad))
        .node("Sigmoid", name + ".gate", List.of(name), List.of(name + ".gate"))
        .node("Mul", name + ".gated", List.of(name, name + ".gate"), List.of(name + ".gated"));
  }
}
