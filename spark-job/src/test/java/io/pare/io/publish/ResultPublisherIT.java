package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.testing.FailingHdfs;
import io.pare.testing.FaultMatrix;
import io.pare.testing.HdfsTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.PrivilegedExceptionAction;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResultPublisherIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final PublishRuns RUNS = new PublishRuns(HDFS);

  @Test
  void ofRacingRunsExactlyOneWins() throws Exception {
    int runs = 6;
    CyclicBarrier start = new CyclicBarrier(runs);
    ExecutorService threads = Executors.newFixedThreadPool(runs);
    try {
      List<Future<Boolean>> outcomes =
          threads.invokeAll(
              IntStream.range(0, runs)
                  .<Callable<Boolean>>mapToObj(run -> () -> race("run" + run, start))
                  .toList());
      int winners = 0;
      for (Future<Boolean> outcome : outcomes) {
        winners += outcome.get() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
    assertThat(RUNS.names("/race/out")).isEqualTo(PublishRuns.COMPLETE);
    assertThat(RUNS.names("/race")).containsExactly("out");
    FaultMatrix.held(
        "two runs on one output path",
        runs + " runs that start at one barrier",
        (runs - 1) + " of them were refused",
        "one winner, a clear error for the others, nothing left beside");
  }

  private static boolean race(String runId, CyclicBarrier start) throws Exception {
    try (ResultPublisher publisher =
        RUNS.publisher(HDFS.configuration(), "/race/out", IfExists.FAIL, runId)) {
      start.await();
      publisher.prepare();
      publisher.publish(PublishRuns.FILES);
      return true;
    } catch (InputException e) {
      assertThat(e.getMessage()).containsAnyOf("is at work on it", "exists: choose another path");
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE", "AFTER"})
  void whicheverCallFailsNothingPartialIsSeenAndTheNextRunSucceeds(FailingHdfs.Fault fault)
      throws IOException {
    int failures = 0;
    for (int n = 1; ; n++) {
      String output = "/sweep-" + fault + "/" + n + "/out";
      RUNS.run(FailingHdfs.failing(HDFS.configuration(), n, fault), output, IfExists.FAIL, "a");
      if (!FailingHdfs.hasFailed()) {
        break;
      }
      failures++;
      if (RUNS.exists(output)) {
        assertThat(RUNS.names(output))
            .as("after failure of call %s", n)
            .isEqualTo(PublishRuns.COMPLETE);
      }
      RUNS.run(HDFS.configuration(), output, IfExists.SKIP, "a");
      assertThat(RUNS.names(output))
          .as("after a rerun, call %s", n)
          .isEqualTo(PublishRuns.COMPLETE);
      assertThat(RUNS.names("/sweep-" + fault + "/" + n)).containsExactly("out");
    }
    assertThat(failures).isGreaterThan(15);
    FaultMatrix.held(
        "n-th file system call fails for good, " + fault + " its effect",
        "wrapper file system, for every n from the lock to the last rename",
        failures + " calls failed",
        "nothing partial; the next run published and left nothing beside");
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE", "AFTER"})
  void whicheverCallFailsAnOverwrittenResultIsTheOldOrTheNewOne(FailingHdfs.Fault fault)
      throws IOException {
    int failures = 0;
    for (int n = 1; ; n++) {
      String parent = "/overwrite-" + fault + "/" + n;
      String output = parent + "/out";
      RUNS.run(HDFS.configuration(), output, IfExists.FAIL, "old");
      RUNS.run(
          FailingHdfs.failing(HDFS.configuration(), n, fault), output, IfExists.OVERWRITE, "new");
      if (!FailingHdfs.hasFailed()) {
        break;
      }
      failures++;
      RUNS.run(HDFS.configuration(), output, IfExists.SKIP, "next");
      assertThat(RUNS.names(output))
          .as("after failure of call %s", n)
          .isEqualTo(PublishRuns.COMPLETE);
      assertThat(RUNS.read(output + "/_SUCCESS"))
          .as("call %s", n)
          .containsPattern("run = (old|new)");
      RUNS.run(HDFS.configuration(), output, IfExists.OVERWRITE, "new");
      assertThat(RUNS.read(output + "/_SUCCESS")).contains("run = new");
      assertThat(RUNS.names(parent)).as("call %s", n).containsExactly("out");
    }
    assertThat(failures).isGreaterThan(15);
    FaultMatrix.held(
        "n-th file system call fails for good while a result is overwritten, "
            + fault
            + " its effect",
        "wrapper file system, for every n",
        failures + " calls failed",
        "always the old or the new result, complete; the next run published");
  }

  @Test
  void aLostAnswerToTheRenameIsNoFailureIfTheResultStands() throws IOException {
    int published = 0;
    for (int n = 1; n < 100; n++) {
      String output = "/lost/" + n + "/out";
      Configuration failing = FailingHdfs.failing(HDFS.configuration(), n, FailingHdfs.Fault.AFTER);
      boolean told = RUNS.run(failing, output, IfExists.FAIL, "a");
      if (!FailingHdfs.hasFailed()) {
        break;
      }
      published += told ? 1 : 0;
      assertThat(told).as("what the run was told, call %s", n).isEqualTo(RUNS.exists(output));
    }
    assertThat(published).isPositive();
  }

  @Test
  void aFullQuotaIsAnErrorAndLeavesNothing() throws IOException {
    Path parent = new Path("/quota");
    HDFS.fileSystem().mkdirs(parent);
    HDFS.fileSystem().setQuota(parent, Long.MAX_VALUE - 1, 1 << 20);

    try (ResultPublisher publisher =
        RUNS.publisher(HDFS.configuration(), "/quota/out", IfExists.FAIL, "a")) {
      publisher.prepare();
      assertThatThrownBy(() -> publisher.publish(Map.of("model.onnx", new byte[2 << 20])))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("quota");
    }
    assertThat(RUNS.names("/quota")).isEmpty();
    HDFS.fileSystem().setQuota(parent, Long.MAX_VALUE - 1, HdfsConstants.QUOTA_RESET);
    assertThat(RUNS.run(HDFS.configuration(), "/quota/out", IfExists.FAIL, "b")).isTrue();
    FaultMatrix.held(
        "HDFS quota",
        "setQuota of 1 MiB, 2 MiB to publish",
        "the error names the quota",
        "clear error, nothing partial; with room again the next run published");
  }

  @Test
  void aParentThatMayNotBeWrittenIsRefusedBeforeAnythingIsComputed() throws Exception {
    HDFS.fileSystem().mkdirs(new Path("/closed"));

    UserGroupInformation.createRemoteUser("stranger")
        .doAs(
            (PrivilegedExceptionAction<Void>)
                () -> {
                  try (ResultPublisher publisher =
                      RUNS.publisher(HDFS.configuration(), "/closed/out", IfExists.FAIL, "a")) {
                    assertThatThrownBy(publisher::prepare)
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("cannot be written")
                        .hasMessageContaining("Permission denied: user=stranger");
                  }
                  return null;
                });
    FaultMatrix.held(
        "output not writable",
        "doAs another user, in a directory of mode 755",
        "Permission denied: user=stranger",
        "refused in prepare(), before anything is computed; exit code 2");
  }

  @Test
  void permissionsAreThoseOfPublicReadMinusTheUmask() throws IOException {
    Configuration configuration = HDFS.configuration();
    configuration.set("fs.permissions.umask-mode", "027");
    RUNS.run(configuration, "/umask/parent/out", IfExists.FAIL, "a");

    assertThat(permission("/umask/parent")).isEqualTo("rwxr-x---");
    assertThat(permission("/umask/parent/out")).isEqualTo("rwxr-x---");
    assertThat(permission("/umask/parent/out/model.onnx")).isEqualTo("rw-r-----");
  }

  private static String permission(String path) throws IOException {
    return HDFS.fileSystem().getFileStatus(new Path(path)).getPermission().toString();
  }
}
