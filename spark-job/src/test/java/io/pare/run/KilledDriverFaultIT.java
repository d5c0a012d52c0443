package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.FaultMatrix;
import io.pare.testing.ForkedDriver;
import io.pare.testing.HdfsTest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A driver that is killed in each phase, or told to end; then the same command again. */
class KilledDriverFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final String UNDISTURBED = "undisturbed";

  @TempDir static Path folder;

  private static DriverKills runs;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    Map<String, String> keys = new GoalJobs(folder).keys("plain", GoalJobs.plain(), "params=1.5");
    keys.put("forms", "low-rank-channel,kept-inputs");
    runs = new DriverKills(HDFS, "compress", keys, folder);
    assertThat(DriverKills.reused(runs.finish(UNDISTURBED, 0))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "prepare images, prepare images ..., 0",
    "gather, gather ..., 0",
    "solve, is finished and kept, 1",
    "sensitivity, sensitivity ..., 6",
    "refit, refit ..., 6",
    "evaluate, evaluate ..., 10",
    "publish, publish ..., 10"
  })
  void aDriverThatIsKilledLeavesNothingPartialAndTheNextRunGoesOn(
      String phase, String marker, int fewest) throws Exception {
    String name = "killed in " + phase;
    runs.killAt(marker, name, 1);

    ForkedDriver second = runs.finish(name, 2);

    runs.assertSame(name, UNDISTURBED);
    int reused = DriverKills.reused(second).size();
    assertThat(reused).isGreaterThanOrEqualTo(fewest);
    assertThat(runs.report(name).at("/reused").elements().hasNext()).isEqualTo(reused > 0);
    if (fewest > 1) {
      assertThat(second.log()).doesNotContain("gather ...");
    }
    FaultMatrix.held(
        "driver killed (-9) in the phase " + phase,
        "kill -9 of a forked SparkSubmit once its log says \"" + marker + "\"",
        "exit code " + DriverKills.KILLED + ", no output then",
        "same bytes; " + reused + " parts reused by the rerun, named in log and report");
  }

  @Test
  void aDriverThatIsToldToEndFreesItsLockAndTheNextRunGoesOn() throws Exception {
    ForkedDriver first = runs.start("terminated", 1);
    assertThat(first.waitFor("refit ...")).as(first.log()).isTrue();

    int exitCode = first.terminate();

    assertThat(exitCode).isEqualTo(DriverKills.TERMINATED);
    assertThat(first.log().lines().reduce("", (a, b) -> b))
        .matches(
            "pare: error: stopped by SIGTERM, results of \\d+ of \\d+ layers are kept for the next run");
    assertThat(runs.exists("terminated")).isFalse();
    ForkedDriver second = runs.finish("terminated", 2);
    assertThat(second.log()).doesNotContain("taking over the lock");
    int reused = DriverKills.reused(second).size();
    assertThat(reused).isPositive();
    runs.assertSame("terminated", UNDISTURBED);
    FaultMatrix.held(
        "SIGTERM",
        "destroy() of a forked SparkSubmit in the phase refit",
        "exit code " + exitCode,
        "lock freed, " + reused + " parts reused by the rerun, same bytes");
  }
}
