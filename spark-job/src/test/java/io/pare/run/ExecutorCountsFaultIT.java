package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ClusterTest;
import io.pare.testing.FaultMatrix;
import io.pare.testing.FaultyFileSystem.Fault;
import io.pare.testing.HdfsTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same command on clusters of other sizes. */
class ExecutorCountsFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final ClusterJobs JOBS = new ClusterJobs(HDFS);

  /** No task starts before all executors are there. */
  private static final Map<String, String> ALL_OF_THEM =
      Map.of(
          "spark.scheduler.minRegisteredResourcesRatio", "1.0",
          "spark.scheduler.maxRegisteredResourcesWaitingTime", "300s");

  @Test
  void oneTwoAndFourExecutorsPublishTheSameBytes() throws IOException {
    List<Integer> seen = new ArrayList<>();
    for (int executors : new int[] {1, 2, 4}) {
      try (JavaSparkContext spark = ClusterTest.start(executors, "counts", ALL_OF_THEM)) {
        JOBS.compress(spark, "/with" + executors, Fault.NONE, 0);
        // Beside the executors the driver has an entry.
        seen.add(spark.sc().getExecutorMemoryStatus().size() - 1);
      }
    }

    assertThat(seen).containsExactly(1, 2, 4);
    assertThat(JOBS.model("/with2")).isEqualTo(JOBS.model("/with1")).isNotEmpty();
    assertThat(JOBS.model("/with4")).isEqualTo(JOBS.model("/with1"));
    FaultMatrix.held(
        "1, 2 and 4 executors",
        "local-cluster of 1, 2 and 4 executors",
        "executors seen: " + seen,
        "the same bytes");
  }
}
