package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.testing.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that learns the original's outputs again. */
class RecoveryIT {
  @TempDir Path folder;

  @Test
  void whatLearnsDivergesLessKeepsItsCostAndIsTheSameForAnyCoresAndPartitions() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    GoalJobs.publish(keys(jobs, "plain", "no"), "local[2]", 2);
    GoalJobs.publish(keys(jobs, "few", "steps=48"), "local[1]", 1);
    GoalJobs.publish(keys(jobs, "many", "steps=48"), "local[3]", 7);

    JsonNode recovery = jobs.report("few").get("recovery");
    double start = recovery.get("points").get(0).get("divergence").asDouble();
    double least = start;
    for (JsonNode point : recovery.get("points")) {
      least = Math.min(least, point.get("divergence").asDouble());
    }
    assertThat(recovery.get("points")).hasSize(9);
    assertThat(recovery.get("used").asBoolean()).isTrue();
    assertThat(least).isLessThan(0.95 * start);
    assertThat(jobs.report("plain").get("recovery").isNull()).isTrue();
    assertThat(jobs.model("few")).isEqualTo(jobs.model("many")).isNotEqualTo(jobs.model("plain"));
    assertThat(jobs.layers("few").total()).isEqualTo(jobs.layers("plain").total());
    assertThat(jobs.report("few").get("comparison")).hasSize(2);
    assertThat(jobs.report("few").get("comparison").get(1).get("mode").asText())
        .isEqualTo("full, before recovery");
  }

  @Test
  void whatStepsLocallyDivergesLessAndIsTheSameForAnyCoresAndPartitions() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    String[] names = {"one", "many"};
    for (int k = 0; k < names.length; k++) {
      Map<String, String> keys = keys(jobs, names[k], "steps=50");
      keys.put("recover-local-steps", "4");
      keys.put("recover-weight-decay", "0.001");
      GoalJobs.publish(keys, "local[" + (1 + 2 * k) + "]", 1 + 6 * k);
    }

    JsonNode recovery = jobs.report("one").get("recovery");
    JsonNode points = recovery.get("points");
    assertThat(points.get(8).get("step").asInt()).isEqualTo(50);
    assertThat(recovery.get("used").asBoolean()).isTrue();
    assertThat(points.get(8).get("divergence").asDouble())
        .isLessThan(0.98 * points.get(0).get("divergence").asDouble());
    assertThat(jobs.report("many").get("recovery")).isEqualTo(recovery);
    assertThat(jobs.model("many")).isEqualTo(jobs.model("one"));
  }

  @Test
  void aNetworkOfSeveralOutputsLearnsAllOfThem() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("several", SplitNetworkIT.network(), "params=2.5");
    keys.put("forms", "low-rank-channel");
    keys.put("mode", "svd");
    keys.put("recover", "steps=24");
    GoalJobs.publish(keys, "local[2]", 2);

    JsonNode report = jobs.report("several");
    assertThat(report.at("/recovery/used").asBoolean())
        .as(report.at("/recovery").toString())
        .isTrue();
    double start = report.at("/recovery/points/0/divergence").asDouble();
    JsonNode points = report.at("/recovery/points");
    assertThat(points.get(points.size() - 1).get("divergence").asDouble()).isLessThan(start);
    assertThat(report.at("/after/accuracy/outputs")).hasSize(2);
  }

  @Test
  void fromImagesEnoughANetworkLearnsUnasked() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("unasked", GoalJobs.plain(), "params=2.5");
    keys.put("images", Sample.file("calibration.parquet"));
    keys.put("calibration-images", "680");
    keys.put("forms", "low-rank-channel");
    keys.put("mode", "svd");
    GoalJobs.publish(keys, "local[2]", 2);
    JsonNode points = jobs.report("unasked").at("/recovery/points");

    assertThat(points.get(points.size() - 1).get("step").asInt()).isEqualTo(160);
  }

  @Test
  void whereStepsLeadAwayItLearnsOnceMoreMoreSlowlyAndStopsOnTheWayToWhereTheyLead()
      throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("way", GoalJobs.plain(), "params=2.5");
    keys.put("forms", "low-rank-channel");
    keys.put("calibration-images", "60");
    keys.put("recover", "steps=40");
    GoalJobs.publish(keys, "local[2]", 2);

    JsonNode recovery = jobs.report("way").get("recovery");
    JsonNode points = recovery.get("points");
    assertThat(points).hasSize(17);
    assertThat(points.get(16).get("step").asInt()).isEqualTo(80);
    double start = points.get(0).get("divergence").asDouble();
    for (int k = 1; k <= 8; k++) {
      assertThat(points.get(k).get("divergence").asDouble()).isGreaterThan(start);
    }
    assertThat(recovery.get("used").asBoolean()).isTrue();
    assertThat(recovery.at("/blend/share").asDouble()).isBetween(0.25, 0.75);
    for (JsonNode point : points) {
      assertThat(point.get("divergence").asDouble())
          .isGreaterThan(recovery.at("/blend/divergence").asDouble());
    }
  }

  private static Map<String, String> keys(GoalJobs jobs, String name, String recover)
      throws IOException {
    Map<String, String> keys = jobs.keys(name, GoalJobs.plain(), "params=2.5");
    keys.put("forms", "low-rank-channel,low-rank-spatial");
    keys.put("calibration-images", "120");
    keys.put("recover", recover);
    keys.put("recover-features", "0.2");
    return keys;
  }
}
