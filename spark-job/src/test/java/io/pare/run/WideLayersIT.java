package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.testing.ModelBuilder;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One solver, two places for a wide layer's samples: the same file, wherever they are. */
class WideLayersIT {
  private static final int SIDE = 28;
  private static final String WIDE = "wide";

  @TempDir private Path folder;

  @Test
  void aLayerSpreadOverExecutorsBecomesWhatItBecomesInATask() throws IOException {
    Path inTask = compressed("local[1]", "task");
    Path spread = compressed("local[2]", "executors");

    assertThat(spread.resolve("model.onnx")).hasSameBinaryContentAs(inTask.resolve("model.onnx"));
    JsonNode report = new ObjectMapper().readTree(spread.resolve("report.json").toFile());
    for (JsonNode layer : report.get("layers")) {
      if (layer.get("name").asText().equals(WIDE)) {
        assertThat(layer.get("structure").asText()).startsWith("channel(");
        assertThat(layer.get("weightsAfter").asLong())
            .isLessThan(layer.get("weightsBefore").asLong() / 2);
        assertThat(layer.get("error").asDouble()).isBetween(0.0, 0.2);
      }
    }
    assertThat(report.get("layers").findValuesAsText("name")).contains(WIDE);
  }

  private Path compressed(String master, String place) throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys(place, network(), "params=3.0");
    keys.put("forms", "low-rank-channel,low-rank-spatial");
    keys.put("wide-columns", "1000");
    keys.put("wide-place", place);
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf(master, "wide"))) {
      GoalJobs.compress(spark, keys);
    }
    return jobs.output(place);
  }

  /** A fully connected layer of more than one slice, and one that is not wide. */
  private static byte[] network() {
    int columns = 8 * (SIDE - 2) * (SIDE - 2);
    return ModelBuilder.seeded(7)
        .input("x", -1, 3, SIDE, SIDE)
        .conv("conv", "x", 8, 3, 3)
        .relu("r1", "conv")
        .flatten("flat", "r1")
        .gemm(WIDE, "flat", 24, columns)
        .relu("r2", WIDE)
        .gemm("head", "r2", 10, 24)
        .output("head", -1, 10)
        .bytes();
  }
}
