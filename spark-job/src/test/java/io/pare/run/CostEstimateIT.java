package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.config.JobConfig;
import io.pare.config.Settings;
import io.pare.run.pipeline.CostEstimate;
import io.pare.testing.SparkTest;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostEstimateIT {
  @TempDir private Path folder;

  @Test
  void whatIsAskedForMoreOfTakesLongerAndNothingIsDoneOfIt() throws Exception {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("estimate", GoalJobs.plain(), "params=1.3");
    keys.put("forms", "low-rank-channel");
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf("local[2]", "estimate"))) {
      CostEstimate few = estimate(spark, keys);
      keys.put("calibration-images", "0");
      CostEstimate all = estimate(spark, keys);
      keys.put("forms", "all");
      CostEstimate everyForm = estimate(spark, keys);

      assertThat(few.seconds())
          .containsOnlyKeys(
              "prepare images", "draw samples", "gather", "solve", "sensitivity", "refit");
      for (String phase : new String[] {"prepare images", "gather", "refit"}) {
        assertThat(all.seconds().get(phase)).as(phase).isGreaterThan(few.seconds().get(phase));
      }
      assertThat(all.seconds().get("solve")).isEqualTo(few.seconds().get("solve"));
      assertThat(everyForm.seconds().get("solve")).isGreaterThan(2 * all.seconds().get("solve"));
      assertThat(few.total()).isBetween(5.0, 60.0);
      assertThat(few.line()).startsWith("estimate: ").contains(" on 2 cores", "GB on an executor");
    }
    assertThat(jobs.output("estimate")).doesNotExist();
    assertThat(folder.resolve("results")).doesNotExist();
  }

  private static CostEstimate estimate(JavaSparkContext spark, Map<String, String> keys) {
    CompressionJob job =
        new CompressionJob(
            JobConfig.of(Settings.of(Optional.empty(), keys)),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    return job.estimate(spark, job.read());
  }
}
