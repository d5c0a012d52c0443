package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ClusterTest;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Products of distributed matrices are exact: no number of executors changes a byte. */
class WideLayersClusterIT {
  @TempDir private Path folder;

  @Test
  void twoExecutorsOneExecutorAndOneJvmPublishTheSameBytes() throws IOException {
    byte[] two = compressed(ClusterTest.start(2, "two", Map.of()), "two");
    byte[] one = compressed(ClusterTest.start(1, "one", Map.of()), "one");
    byte[] local = compressed(new JavaSparkContext(SparkTest.conf("local[2]", "l")), "local");

    assertThat(two).isEqualTo(local).isNotEmpty();
    assertThat(one).isEqualTo(local);
  }

  private byte[] compressed(JavaSparkContext spark, String name) throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = new LinkedHashMap<>(jobs.keys(name, GoalJobs.wide(), "params=3.0"));
    keys.put("forms", "low-rank-channel,kept-inputs");
    keys.put("wide-columns", "300");
    try (spark) {
      GoalJobs.compress(spark, keys);
    }
    return jobs.model(name);
  }
}
