package io.pare.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ClusterTest;
import io.pare.testing.FaultMatrix;
import io.pare.testing.HdfsTest;
import io.pare.testing.Sample;
import io.pare.testing.SparkTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An executor that is killed while it gathers statistics. */
class KilledExecutorFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();
  @RegisterExtension static final ClusterTest CLUSTER = new ClusterTest();

  @Test
  void anExecutorThatIsKilledWhileStatisticsAreGatheredChangesNoByte() throws Exception {
    KillOne kill = new KillOne();
    CLUSTER.context().sc().addSparkListener(kill);
    compress(CLUSTER.context(), "/killed");
    CLUSTER.context().stop();
    try (JavaSparkContext local = new JavaSparkContext(SparkTest.conf("local[2]", "local"))) {
      compress(local, "/undisturbed");
    }

    ProcessHandle victim = kill.victim.get();
    assertThat(victim).as("an executor was killed").isNotNull();
    assertThat(victim.isAlive()).isFalse();
    assertThat(read("/killed/model.onnx")).isEqualTo(read("/undisturbed/model.onnx")).isNotEmpty();
    assertThat(new String(read("/killed/report.json"), StandardCharsets.UTF_8))
        .contains("\"images\" : 60");
    FaultMatrix.held(
        "executor killed while statistics are gathered",
        "kill -9 of one of two executors of a local-cluster at the first task of the job gather",
        "pid " + victim.pid() + " gone",
        "same bytes as an undisturbed run in one JVM, exact image count");
  }

  /**
   * Kills an executor, one of the two Java processes under this one, once a task of the job runs.
   */
  private static final class KillOne extends SparkListener {
    private final AtomicReference<ProcessHandle> victim = new AtomicReference<>();
    private volatile boolean gathering;

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      String description = job.properties().getProperty("spark.job.description", "");
      gathering = description.startsWith("gather statistics");
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart task) {
      if (gathering && victim.get() == null) {
        ProcessHandle.current()
            .descendants()
            .filter(process -> process.info().command().orElse("").endsWith("/java"))
            .findFirst()
            .ifPresent(
                process -> {
                  process.destroyForcibly();
                  victim.set(process);
                });
      }
    }
  }

  private static void compress(JavaSparkContext spark, String output) {
    Map<String, String> keys = Sample.compression(HDFS.path(output));
    keys.remove("validation");
    keys.put("calibration-images", "60");
    keys.put("samples-per-column", "1");
    keys.put("sensitivity-images", "20");
    JobConfig config = JobConfig.of(Settings.of(Optional.empty(), keys));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CompressionJob(config, new PrintStream(out, true, StandardCharsets.UTF_8)).run(spark);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("published ");
  }

  private static byte[] read(String path) throws IOException {
    try (FSDataInputStream in = HDFS.fileSystem().open(new Path(path))) {
      return in.readAllBytes();
    }
  }
}
