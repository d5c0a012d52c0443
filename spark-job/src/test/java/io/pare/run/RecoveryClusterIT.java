package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ClusterTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that learns again on executors of their own. */
class RecoveryClusterIT {
  @TempDir Path folder;

  @Test
  void oneAndTwoExecutorsPublishTheSameBytes() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    for (int executors : new int[] {1, 2}) {
      Map<String, String> keys = jobs.keys("with" + executors, GoalJobs.plain(), "params=2.5");
      keys.put("forms", "low-rank-channel,low-rank-spatial");
      keys.put("calibration-images", "120");
      keys.put("recover", "steps=48");
      try (JavaSparkContext spark = ClusterTest.start(executors, "recovery", Map.of())) {
        assertThat(GoalJobs.compress(spark, keys)).contains("published ");
      }
    }

    assertThat(jobs.report("with1").at("/recovery/used").asBoolean()).isTrue();
    assertThat(jobs.report("with2").get("recovery"))
        .isEqualTo(jobs.report("with1").get("recovery"));
    assertThat(jobs.model("with2")).isEqualTo(jobs.model("with1"));
  }
}
