package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.FaultMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many tasks the work is cut into is nobody's business but Spark's. */
class CompressionPartitionsIT {
  @TempDir private Path folder;

  @Test
  void anotherNumberOfTasksAndThreadsGivesTheSameBytes() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);

    GoalJobs.publish(keys(jobs, "few"), "local[1]", 1);
    GoalJobs.publish(keys(jobs, "many"), "local[3]", 7);

    assertThat(jobs.model("few")).isEqualTo(jobs.model("many")).isNotEmpty();
    FaultMatrix.held(
        "other partition counts",
        "spark.default.parallelism 1 on one thread, 7 on three",
        "two runs",
        "the same bytes");
  }

  private static Map<String, String> keys(GoalJobs jobs, String name) throws IOException {
    Map<String, String> keys = jobs.keys(name, GoalJobs.plain(), "params=1.5");
    keys.put("forms", "low-rank-channel,kept-inputs");
    return keys;
  }
}
