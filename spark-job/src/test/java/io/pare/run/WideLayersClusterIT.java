package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ClusterTest;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Products of distributed matrices are exact: no number of executors changes a byte. */
class WideLayersClusterIT {
  /** The space of the inputs, that of the samples, and strips. */
  private static final List<String> LARGEST_SYSTEMS = List.of("10240", "100", "30");

  @TempDir private Path folder;

  @Test
  void twoExecutorsOneExecutorAndOneJvmPublishTheSameBytes() throws IOException {
    List<byte[]> two = compressed(ClusterTest.start(2, "two", Map.of()), "two");
    List<byte[]> one = compressed(ClusterTest.start(1, "one", Map.of()), "one");
    List<byte[]> local = compressed(new JavaSparkContext(SparkTest.conf("local[2]", "l")), "local");

    for (int k = 0; k < LARGEST_SYSTEMS.size(); k++) {
      String space = "largest-system = " + LARGEST_SYSTEMS.get(k);
      assertThat(two.get(k)).as(space).isEqualTo(local.get(k)).isNotEmpty();
      assertThat(one.get(k)).as(space).isEqualTo(local.get(k));
    }
  }

  private List<byte[]> compressed(JavaSparkContext spark, String name) throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    List<byte[]> models = new ArrayList<>();
    try (spark) {
      for (String largest : LARGEST_SYSTEMS) {
        String place = name + largest;
        Map<String, String> keys =
            new LinkedHashMap<>(jobs.keys(place, GoalJobs.wide(), "params=3.0"));
        keys.put("forms", "low-rank-channel,kept-inputs");
        keys.put("wide-columns", "300");
        keys.put("largest-system", largest);
        GoalJobs.compress(spark, keys);
        models.add(jobs.model(place));
      }
    }
    return models;
  }
}
