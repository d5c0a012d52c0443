package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pare.testing.ClusterTest;
import io.pare.testing.ExecutorKill;
import io.pare.testing.FaultMatrix;
import io.pare.testing.FaultyFileSystem;
import io.pare.testing.FaultyFileSystem.Fault;
import io.pare.testing.HdfsTest;
import io.pare.testing.SeenTasks;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ExceptionFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Executors that are killed or end themselves, and tasks that fail, once or always. */
class KilledExecutorFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();
  @RegisterExtension static final ClusterTest CLUSTER = new ClusterTest();

  private static final ClusterJobs JOBS = new ClusterJobs(HDFS);
  private static final long LONGEST_SECONDS = 120;

  private final SeenTasks seen = new SeenTasks();

  @BeforeAll
  static void runUndisturbed() {
    JOBS.compress(CLUSTER.context(), "/undisturbed", Fault.NONE, 0);
  }

  @BeforeEach
  void listen() {
    CLUSTER.context().sc().addSparkListener(seen);
  }

  @AfterEach
  void listenNoMore() {
    CLUSTER.context().sc().removeSparkListener(seen);
    FaultyFileSystem.strike(CLUSTER.context().hadoopConfiguration(), Fault.NONE, 0);
  }

  @Test
  void anExecutorThatIsKilledWhileStatisticsAreGatheredChangesNoByte() throws Exception {
    ExecutorKill kill = new ExecutorKill("gather statistics");
    CLUSTER.context().sc().addSparkListener(kill);
    JOBS.compress(CLUSTER.context(), "/killed");
    CLUSTER.context().sc().removeSparkListener(kill);

    ProcessHandle victim = kill.victim().orElse(null);
    assertThat(victim).as("an executor was killed").isNotNull();
    assertThat(victim.isAlive()).isFalse();
    assertSameBytes("/killed");
    assertThat(JOBS.report("/killed")).contains("\"images\" : 60");
    FaultMatrix.held(
        "executor killed while statistics are gathered",
        "kill -9 of one of two executors of a local-cluster at the first task of the job gather",
        "pid " + victim.pid() + " gone",
        "same bytes as an undisturbed run, exact image count");
  }

  @Test
  void anExecutorThatHaltsOnItsFirstAttemptChangesNoByte() throws Exception {
    JOBS.compress(CLUSTER.context(), "/halted", Fault.HALT, 1);
    settle();

    assertThat(seen.removed()).isNotEmpty();
    assertThat(seen.repeated()).isNotEmpty();
    assertSameBytes("/halted");
    FaultMatrix.held(
        "executor halts on its first attempt",
        "Runtime.halt in the first task that reads images, attempt 0",
        "executor " + seen.removed() + " removed, " + seen.repeated().size() + " tasks repeated",
        "same bytes as an undisturbed run");
  }

  @Test
  void anExecutorThatAlwaysHaltsEndsTheRunInBoundedTime() throws Exception {
    long start = System.nanoTime();
    Throwable failure = failure("/halts", Fault.HALT, 99);
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    settle();

    assertThat(failure).hasMessageContaining("failed 4 times");
    assertThat(seconds).isLessThan(LONGEST_SECONDS);
    assertThat(seen.removed()).hasSizeGreaterThanOrEqualTo(4);
    assertThat(JOBS.exists("/halts")).isFalse();
    FaultMatrix.held(
        "executor halts on every attempt",
        "Runtime.halt in the first task that reads images, every attempt",
        seen.removed().size() + " executors removed",
        "\"failed 4 times\" after " + seconds + " s, nothing at the output");
  }

  @Test
  void aTaskThatThrowsOnItsFirstAttemptsChangesNoByte() throws Exception {
    JOBS.compress(CLUSTER.context(), "/thrown", Fault.THROW, 3);
    settle();

    assertThat(seen.failures())
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(
            reason ->
                reason instanceof ExceptionFailure failure
                    && failure.toErrorString().contains("injected in attempt"));
    assertSameBytes("/thrown");
    FaultMatrix.held(
        "task throws on its first attempts",
        "IOException from the file system that the images come from, attempts 0 to 2",
        seen.failures().size() + " attempts failed with it",
        "same bytes as an undisturbed run");
  }

  @Test
  void aTaskThatAlwaysThrowsEndsTheRunWithAnErrorThatNamesTheImages() throws Exception {
    Throwable failure = failure("/throws", Fault.THROW, 99);
    settle();

    assertThat(seen.failures()).hasSizeGreaterThanOrEqualTo(4);
    assertThat(Failure.exitCode(failure)).isEqualTo(1);
    assertThat(failure).hasMessageContaining("failed 4 times");
    assertThat(Failure.message(failure))
        .isEqualTo(
            "a task failed at every attempt, the stack trace is above:"
                + " images 0 to 31 cannot be read: injected in attempt 3");
    assertThat(JOBS.exists("/throws")).isFalse();
    FaultMatrix.held(
        "task always throws: images cannot be read",
        "IOException from the file system that the images come from, every attempt",
        seen.failures().size() + " attempts failed with it",
        "exit code 1, the error says \"images 0 to 31 cannot be read\", nothing at the output");
  }

  private static Throwable failure(String output, Fault fault, int attempts) {
    return catchThrowable(() -> JOBS.compress(CLUSTER.context(), output, fault, attempts));
  }

  private static void assertSameBytes(String output) throws IOException {
    assertThat(JOBS.model(output)).isEqualTo(JOBS.model("/undisturbed")).isNotEmpty();
  }

  /** Waits until listeners have been told of all that has happened. */
  private static void settle() throws Exception {
    CLUSTER.context().sc().listenerBus().waitUntilEmpty();
  }
}
