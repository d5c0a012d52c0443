package io.pare.run.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.run.CompressionRun;
import io.pare.stage.MetricsPlugin;
import io.pare.testing.SparkTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.metrics.source.Source;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
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
    Told told = new Told();
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      spark.sc().addSparkListener(told);
      Map<String, Number> before = gauges();
      assertThat(before).containsKeys("images.read", "images.bad", "layers.solved", "phase.refit");

      CompressionRun.quick(spark, folder);
      spark.sc().listenerBus().waitUntilEmpty();

      Map<String, Number> after = gauges();
      assertThat(gained("images.read", before, 60)).isEqualTo(60);
      assertThat(gained("layers.solved", before, 1)).isPositive();
      assertThat(after.get("phase.refit").longValue()).isZero();
      assertThat(after.get("seconds.refit").doubleValue())
          .isGreaterThan(before.get("seconds.refit").doubleValue());
    }
    assertThat(told.lines)
        .anyMatch(line -> line.matches("prepare images of .*: \\d+ of \\d+ tasks, .* s so far"))
        .anyMatch(line -> line.matches("solve 4 layer groups: (\\d+) of \\d+ tasks, \\d+ s left"));
    assertThat(told.progress.line()).as("nothing runs any more").isEmpty();
    assertThat(told.descriptions).as("every job says what it is for").doesNotContain("");
  }

  /** What there is to tell at each event, and the descriptions of all jobs. */
  private static final class Told extends SparkListener {
    private final AtomicLong clock = new AtomicLong();
    private final JobProgress progress = new JobProgress(() -> clock.addAndGet(1_000_000_000L));
    private final List<String> lines = new ArrayList<>();
    private final List<String> descriptions = new ArrayList<>();

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      descriptions.add(start.properties().getProperty("spark.job.description", ""));
      progress.onJobStart(start);
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
      progress.onStageSubmitted(submitted);
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      progress.onTaskStart(start);
      progress.line().ifPresent(lines::add);
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      progress.onTaskEnd(end);
      progress.line().ifPresent(lines::add);
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd end) {
      progress.onJobEnd(end);
    }
  }

  /** What a gauge has gained; executors report every two seconds. */
  private static long gained(String gauge, Map<String, Number> before, long expected)
      throws InterruptedException {
    long gained = 0;
    for (int attempt = 0; attempt < 100 && gained < expected; attempt++) {
      Thread.sleep(100);
      gained = gauges().get(gauge).longValue() - before.get(gauge).longValue();
    }
    return gained;
  }

  private static Map<String, Number> gauges() {
    Map<String, Number> gauges = new TreeMap<>();
    for (Source source :
        CollectionConverters.asJava(
            SparkEnv.get()
                .metricsSystem()
                .getSourcesByName("plugin." + MetricsPlugin.class.getName()))) {
      source
          .metricRegistry()
          .getGauges()
          .forEach((name, gauge) -> gauges.put(name, (Number) gauge.getValue()));
    }
    return gauges;
  }
}
