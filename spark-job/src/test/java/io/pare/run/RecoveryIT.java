package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.model.NetworkLayers;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.Networks;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that learns the original's outputs again. */
class RecoveryIT {
  @TempDir Path folder;

  @Test
  void whatLearnsDivergesLessKeepsItsCostAndIsTheSameForAnyCoresAndPartitions() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    compress(keys(jobs, "plain", "no"), "local[2]", 2);
    compress(keys(jobs, "few", "steps=48"), "local[1]", 1);
    compress(keys(jobs, "many", "steps=48"), "local[3]", 7);

    JsonNode recovery = report(jobs, "few").get("recovery");
    double start = recovery.get("points").get(0).get("divergence").asDouble();
    double least = start;
    for (JsonNode point : recovery.get("points")) {
      least = Math.min(least, point.get("divergence").asDouble());
    }
    assertThat(recovery.get("points")).hasSize(9);
    assertThat(recovery.get("used").asBoolean()).isTrue();
    assertThat(least).isLessThan(0.95 * start);
    assertThat(report(jobs, "plain").get("recovery").isNull()).isTrue();
    assertThat(jobs.model("few")).isEqualTo(jobs.model("many")).isNotEqualTo(jobs.model("plain"));
    assertThat(layers(jobs, "few").total()).isEqualTo(layers(jobs, "plain").total());
    assertThat(report(jobs, "few").get("comparison")).hasSize(2);
    assertThat(report(jobs, "few").get("comparison").get(1).get("mode").asText())
        .isEqualTo("full, before recovery");
  }

  private static Map<String, String> keys(GoalJobs jobs, String name, String recover)
      throws IOException {
    Map<String, String> keys = jobs.keys(name, GoalJobs.plain(), "params=2.5");
    keys.put("forms", "low-rank-channel,low-rank-spatial");
    keys.put("calibration-images", "120");
    keys.put("recover", recover);
    return keys;
  }

  private static void compress(Map<String, String> keys, String master, int parallelism) {
    try (JavaSparkContext spark =
        new JavaSparkContext(
            SparkTest.conf(master, "recovery")
                .set("spark.default.parallelism", Integer.toString(parallelism)))) {
      spark.setLogLevel("WARN");
      assertThat(GoalJobs.compress(spark, keys)).contains("published ");
    }
  }

  private static JsonNode report(GoalJobs jobs, String name) throws IOException {
    return new ObjectMapper()
        .readTree(Files.readAllBytes(jobs.output(name).resolve("report.json")));
  }

  private static NetworkLayers layers(GoalJobs jobs, String name) throws IOException {
    byte[] model = Files.readAllBytes(jobs.output(name).resolve("model.onnx"));
    return Networks.layers(ModelReader.read("model", model, ExternalData.none()));
  }
}
