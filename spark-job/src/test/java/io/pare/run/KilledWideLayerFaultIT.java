package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ClusterTest;
import io.pare.testing.ExecutorKill;
import io.pare.testing.FaultMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
    ExecutorKill kill = new ExecutorKill("gather statistics of layer ");
    CLUSTER.context().sc().addSparkListener(kill);
    byte[] killed = compressed("killed");
    CLUSTER.context().sc().removeSparkListener(kill);

    ProcessHandle victim = kill.victim().orElse(null);
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
}
