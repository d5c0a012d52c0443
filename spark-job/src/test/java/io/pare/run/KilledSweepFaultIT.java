package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.FaultMatrix;
import io.pare.testing.ForkedDriver;
import io.pare.testing.HdfsTest;
import io.pare.testing.Sample;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A sweep whose driver ends when two of its four networks are measured; then the same command. */
class KilledSweepFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final String UNDISTURBED = "undisturbed";
  private static final String FIRST_TWO = "SweepJob: svd params=1.3: ";
  private static final String KEPT = "is finished and kept";
  private static final String[] FILES = {
    "whitened-params-1.3.onnx",
    "svd-params-1.3.onnx",
    "whitened-params-1.6.onnx",
    "svd-params-1.6.onnx",
    "sweep.md"
  };

  @TempDir static Path folder;

  private static DriverKills runs;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    Map<String, String> keys = new GoalJobs(folder).keys("plain", GoalJobs.learnt(), "params=2.0");
    keys.remove("target");
    keys.put("targets", "params=1.3,params=1.6");
    keys.put("at-once", "1");
    keys.put("mode", "whitened");
    keys.put("compare", "svd");
    keys.put("forms", "low-rank-channel");
    keys.put("validation", Sample.file("validation.parquet"));
    runs = new DriverKills(HDFS, "sweep", keys, folder);
    assertThat(DriverKills.reused(runs.finish(UNDISTURBED, 0))).isEmpty();
  }

  @Test
  void aSweepThatIsKilledGoesOnWithTheNetworksThatAreMissing() throws Exception {
    runs.killAt(FIRST_TWO, "killed", 1);

    String held = goesOn("killed");

    FaultMatrix.held(
        "sweep: driver killed (-9) when two of four networks are measured",
        "kill -9 of a forked SparkSubmit once its log says \"" + FIRST_TWO.strip() + "\"",
        "exit code " + DriverKills.KILLED + ", no output then",
        held);
  }

  @Test
  void aSweepThatIsToldToEndGoesOnWithTheNetworksThatAreMissing() throws Exception {
    ForkedDriver first = runs.start("terminated", 1);
    assertThat(first.waitFor(FIRST_TWO)).as(first.log()).isTrue();
    int exitCode = first.terminate();

    assertThat(exitCode).as(first.log()).isEqualTo(DriverKills.TERMINATED);
    assertThat(first.log().lines().reduce("", (a, b) -> b))
        .matches(
            "pare: error: stopped by SIGTERM, results of \\d+ of \\d+ layers are kept for the next run");
    assertThat(runs.exists("terminated")).isFalse();
    FaultMatrix.held(
        "sweep: SIGTERM when two of four networks are measured",
        "destroy() of a forked SparkSubmit at the same place",
        "exit code " + exitCode,
        "lock freed; " + goesOn("terminated"));
  }

  private static String goesOn(String name) throws Exception {
    ForkedDriver second = runs.finish(name, 2);

    String log = second.log();
    assertThat(log).doesNotContain("gather ...");
    String firstTwo = log.substring(0, log.indexOf(FIRST_TWO));
    assertThat(firstTwo)
        .doesNotContain(KEPT)
        .contains("evaluate of whitened params=1.3 is taken from a checkpoint")
        .contains("evaluate of svd params=1.3 is taken from a checkpoint");
    assertThat(log).contains("evaluate of svd params=1.6 " + KEPT);
    runs.assertSame(name, UNDISTURBED, FILES);
    return "same bytes of all networks and the table; the rerun took "
        + DriverKills.reused(second).size()
        + " parts from checkpoints and fitted and measured nothing again for the first two";
  }
}
