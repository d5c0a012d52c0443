package io.pare.run.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.run.CompressionRun;
import io.pare.stage.MetricsPlugin;
import io.pare.testing.SparkTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.metrics.source.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** What somebody who watches a run can see of it. */
class JobProgressIT {
  @TempDir private Path folder;

  @Test
  void jobsAreToldWhileTheyRunAndTheGaugesGrow() throws Exception {
    SparkConf conf =
        SparkTest.conf("local[2]", "progress").set("spark.plugins", MetricsPlugin.class.getName());
    List<String> live = new ArrayList<>();
    List<String> log = new ArrayList<>();
    AtomicLong clock = new AtomicLong();
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      spark
          .sc()
          .addSparkListener(
              new JobProgress(
                  Optional.of(live::add), log::add, () -> clock.addAndGet(1_000_000_000L)));
      Map<String, Long> before = gauges();
      assertThat(before).containsKeys("images.read", "images.bad", "layers.solved", "phase.refit");

      CompressionRun.quick(spark, folder);
      spark.sc().listenerBus().waitUntilEmpty();

      Map<String, Long> after = gauges();
      assertThat(after.get("images.read") - before.get("images.read")).isEqualTo(60);
      assertThat(after.get("layers.solved") - before.get("layers.solved")).isPositive();
      assertThat(after.get("phase.refit")).isZero();
    }
    assertThat(live)
        .anyMatch(line -> line.matches("prepare images of .*: \\d+ of \\d+ tasks, .* s left"))
        .anyMatch(line -> line.matches("solve 4 layer groups: (\\d+) of \\1 tasks.*"));
    assertThat(live.get(live.size() - 1)).as("nothing is left on the terminal").isEmpty();
    // The clock ticks a second at each look.
    assertThat(log).isNotEmpty();
    assertThat(log.size()).isLessThanOrEqualTo((int) (clock.get() / 30_000_000_000L));
  }

  private static Map<String, Long> gauges() {
    Map<String, Long> gauges = new TreeMap<>();
    for (Source source :
        CollectionConverters.asJava(
            SparkEnv.get()
                .metricsSystem()
                .getSourcesByName("plugin." + MetricsPlugin.class.getName()))) {
      source
          .metricRegistry()
          .getGauges()
          .forEach((name, gauge) -> gauges.put(name, (Long) gauge.getValue()));
    }
    return gauges;
  }
}
