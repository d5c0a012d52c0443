package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.config.JobConfig;
import io.pare.config.Settings;
import io.pare.run.input.SharedImages;
import io.pare.run.progress.Phases;
import io.pare.testing.SparkTest;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That whatever of a job may take a while belongs to a phase, so that its silence can be ended. */
class ToldPhasesIT {
  private static final double NANOS = 1e9;

  @TempDir private Path folder;

  @Test
  void whatTakesAWhileBelongsToAPhase() throws Exception {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("told", GoalJobs.plain(), "params=1.3");
    keys.put("forms", "low-rank-channel");
    Told told;
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf("local[2]", "told"))) {
      told = new Told();
      new CompressionJob(
              JobConfig.of(Settings.of(Optional.empty(), keys)),
              new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
              new Phases(told),
              new SharedImages())
          .run(spark);
    }
    assertThat(told.phases)
        .containsSubsequence(
            "read", "validate", "load libraries", "list images", "estimate", "prepare images");
    // On a busy machine libraries alone take longer, where they are loaded outside of a phase.
    assertThat(told.longestBetween)
        .as("seconds between two phases, the longest before " + told.longestBefore)
        .isLessThan(5);
  }

  private static final class Told implements Phases.Listener {
    private final List<String> phases = new ArrayList<>();
    private long ended = System.nanoTime();
    private double longestBetween;
    private String longestBefore = "";

    @Override
    public void began(String phase) {
      phases.add(phase);
      double between = (System.nanoTime() - ended) / NANOS;
      if (between > longestBetween) {
        longestBetween = between;
        longestBefore = phase;
      }
    }

    @Override
    public void ended(String phase) {
      ended = System.nanoTime();
    }
  }
}
