package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ClusterTest;
import io.pare.testing.FaultMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An executor that is killed while a wide layer's matrices are multiplied. */
class KilledWideLayerFaultIT {
  @RegisterExtension static final ClusterTest CLUSTER = new ClusterTest();

  @TempDir private Path folder;

  @Test
  void anExecutorThatIsKilledWhileMatricesAreMultipliedChangesNoByte() throws Exception {
    byte[] undisturbed = compressed("undisturbed");
    KillOne kill = new KillOne();
    CLUSTER.context().sc().addSparkListener(kill);
    byte[] killed = compressed("killed");
    CLUSTER.context().sc().removeSparkListener(kill);

    ProcessHandle victim = kill.victim.get();
    assertThat(victim).as("an executor was killed").isNotNull();
    assertThat(victim.isAlive()).isFalse();
    assertThat(killed).isEqualTo(undisturbed).isNotEmpty();
    FaultMatrix.held(
        "executor killed while the matrices of a wide layer are multiplied",
        "kill -9 of one of two executors of a local-cluster at a task of the job that gathers them",
        "pid " + victim.pid() + " gone",
        "same bytes as an undisturbed run");
  }

  private byte[] compressed(String name) throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = new LinkedHashMap<>(jobs.keys(name, GoalJobs.wide(), "params=3.0"));
    keys.put("forms", "low-rank-channel,kept-inputs");
    keys.put("wide-columns", "300");
    GoalJobs.compress(CLUSTER.context(), keys);
    return jobs.model(name);
  }

  /** Kills an executor, one of the Java processes under this one, once a task of the job runs. */
  private static final class KillOne extends SparkListener {
    private final AtomicReference<ProcessHandle> victim = new AtomicReference<>();
    private volatile boolean gathering;

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      String description = job.properties().getProperty("spark.job.description", "");
      gathering = description.startsWith("gather statistics of layer ");
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
}
