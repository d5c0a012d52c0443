package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pare.testing.ClusterTest;
import io.pare.testing.FaultMatrix;
import io.pare.testing.FaultyFileSystem.Fault;
import io.pare.testing.FaultyRegistrator;
import io.pare.testing.HdfsTest;
import io.pare.testing.SeenTasks;
import java.util.Map;
import org.apache.spark.ExceptionFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tasks that fail in the middle of the work on a layer, once or always. */
class FailingLayerFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  @RegisterExtension
  static final ClusterTest CLUSTER =
      new ClusterTest(Map.of("spark.kryo.registrator", FaultyRegistrator.class.getName()));

  private static final ClusterJobs JOBS = new ClusterJobs(HDFS);

  private final SeenTasks seen = new SeenTasks();

  @BeforeEach
  void listen() {
    CLUSTER.context().sc().addSparkListener(seen);
  }

  @AfterEach
  void listenNoMore() {
    CLUSTER.context().sc().removeSparkListener(seen);
    FaultyRegistrator.strike(CLUSTER.context(), "none", 0);
  }

  @Test
  void aTaskThatAlwaysThrowsWhileItSolvesALayerEndsTheRunWithItsName() throws Exception {
    String message = message("solve", "/solve");

    assertThat(message)
        .matches(
            "a task failed at every attempt, the stack trace is above:"
                + " layer (stem|wide|squeeze|dense), statistics: injected in attempt 3.*");
    FaultMatrix.held(
        "task always throws: solve of a layer",
        "the moments of a layer cannot be read in tasks of the job solve, every attempt",
        seen.failures().size() + " attempts failed with it",
        "exit code 1, nothing at the output; the error says: " + message);
  }

  @Test
  void aTaskThatAlwaysThrowsWhileItRefitsALayerEndsTheRunWithItsNameAndTheNextGoesOn()
      throws Exception {
    String message = message("refit wide", "/refit");

    assertThat(message)
        .startsWith("a task failed at every attempt, the stack trace is above: layer wide, refit: ")
        .contains("injected in attempt 3; finished parts are kept in ");
    int failed = seen.failures().size();
    FaultyRegistrator.strike(CLUSTER.context(), "refit wide", 3);
    JOBS.compress(CLUSTER.context(), "/refit");
    settle();
    int repeated = seen.failures().size() - failed;
    assertThat(repeated).isEqualTo(3);
    FaultyRegistrator.strike(CLUSTER.context(), "none", 0);
    JOBS.compress(CLUSTER.context(), "/undisturbed", Fault.NONE, 0);
    assertThat(JOBS.model("/refit")).isEqualTo(JOBS.model("/undisturbed")).isNotEmpty();
    FaultMatrix.held(
        "task always throws: refit of a layer",
        "the samples of a layer cannot be read in tasks of the job refit, every attempt",
        failed + " attempts failed with it",
        "exit code 1, nothing at the output; the error says: " + message);
    FaultMatrix.held(
        "task throws on its first attempts: refit of a layer",
        "the same in attempts 0 to 2, in a rerun after that error",
        repeated + " attempts failed with it",
        "same bytes as an undisturbed run; what the failed run had finished is reused");
  }

  /** What a run says that ends with the error. */
  private String message(String job, String output) throws Exception {
    FaultyRegistrator.strike(CLUSTER.context(), job, 99);
    Throwable failure =
        catchThrowable(() -> JOBS.compress(CLUSTER.context(), output, Fault.NONE, 0));
    settle();

    assertThat(seen.failures())
        .hasSizeGreaterThanOrEqualTo(4)
        .anyMatch(
            reason ->
                reason instanceof ExceptionFailure attempt
                    && attempt.toErrorString().contains("injected in attempt 3"));
    assertThat(failure).hasMessageContaining("failed 4 times");
    assertThat(Failure.exitCode(failure)).isEqualTo(1);
    assertThat(JOBS.exists(output)).isFalse();
    return Failure.message(failure);
  }

  /** Waits until listeners have been told of all that has happened. */
  private static void settle() throws Exception {
    CLUSTER.context().sc().listenerBus().waitUntilEmpty();
  }
}
