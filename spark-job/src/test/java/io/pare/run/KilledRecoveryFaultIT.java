package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.testing.FaultMatrix;
import io.pare.testing.ForkedDriver;
import io.pare.testing.HdfsTest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A driver that is killed while the network learns; then the same command again. */
class KilledRecoveryFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final String UNDISTURBED = "undisturbed";
  private static final String HALF_WAY = "recovery: step 24 of 48, loss";

  @TempDir static Path folder;

  @Test
  void aDriverThatIsKilledWhileTheNetworkLearnsGoesOnFromTheLastPoint() throws Exception {
    Map<String, String> keys = new GoalJobs(folder).keys("plain", GoalJobs.plain(), "params=2.5");
    keys.put("forms", "low-rank-channel,low-rank-spatial");
    keys.put("calibration-images", "120");
    keys.put("recover", "steps=48");
    DriverKills runs = new DriverKills(HDFS, "compress", keys, folder);
    runs.finish(UNDISTURBED, 0);
    runs.killAt(HALF_WAY, "killed", 1);

    ForkedDriver second = runs.finish("killed", 2);

    JsonNode recovery = runs.report("killed").get("recovery");
    assertThat(recovery.get("used").asBoolean()).isTrue();
    assertThat(recovery).isEqualTo(runs.report(UNDISTURBED).get("recovery"));
    assertThat(second.log())
        .contains("recover of network is taken from a checkpoint")
        .doesNotContain("at the start, rate")
        .doesNotContain("recovery: step 12 of 48")
        .contains("recovery: step 48 of 48");
    runs.assertSame("killed", UNDISTURBED);
    FaultMatrix.held(
        "driver killed (-9) while the network learns",
        "kill -9 of a forked SparkSubmit once its log says \"" + HALF_WAY + "\"",
        "exit code " + DriverKills.KILLED + ", no output then",
        "same bytes and the same curve; the rerun did no step of the first half again");
  }
}
