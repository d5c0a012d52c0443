package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.testing.FailingHdfs;
import io.pare.testing.HdfsTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResultPublisherIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final Map<String, byte[]> FILES =
      Map.of("model.onnx", bytes("network"), "manifest.json", bytes("{}"));
  private static final List<String> COMPLETE =
      List.of("SHA256SUMS", "_SUCCESS", "manifest.json", "model.onnx");

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
    assertThat(names("/race/out")).isEqualTo(COMPLETE);
    assertThat(names("/race")).containsExactly("out");
  }

  private static boolean race(String runId, CyclicBarrier start) throws Exception {
    try (ResultPublisher publisher =
        publisher(HDFS.configuration(), "/race/out", IfExists.FAIL, runId)) {
      start.await();
      publisher.prepare();
      publisher.publish(FILES);
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
      runOnce(FailingHdfs.failing(HDFS.configuration(), n, fault), output, IfExists.FAIL, "a");
      if (!FailingHdfs.hasFailed()) {
        break;
      }
      failures++;
      if (exists(output)) {
        assertThat(names(output)).as("after failure of call %s", n).isEqualTo(COMPLETE);
      }
      runOnce(HDFS.configuration(), output, IfExists.SKIP, "a");
      assertThat(names(output)).as("after a rerun, call %s", n).isEqualTo(COMPLETE);
      assertThat(names("/sweep-" + fault + "/" + n)).containsExactly("out");
    }
    assertThat(failures).isGreaterThan(15);
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE", "AFTER"})
  void whicheverCallFailsAnOverwrittenResultIsTheOldOrTheNewOne(FailingHdfs.Fault fault)
      throws IOException {
    int failures = 0;
    for (int n = 1; ; n++) {
      String parent = "/overwrite-" + fault + "/" + n;
      String output = parent + "/out";
      runOnce(HDFS.configuration(), output, IfExists.FAIL, "old");
      runOnce(
          FailingHdfs.failing(HDFS.configuration(), n, fault), output, IfExists.OVERWRITE, "new");
      if (!FailingHdfs.hasFailed()) {
        break;
      }
      failures++;
      runOnce(HDFS.configuration(), output, IfExists.SKIP, "next");
      assertThat(names(output)).as("after failure of call %s", n).isEqualTo(COMPLETE);
      assertThat(read(output + "/_SUCCESS")).as("call %s", n).containsPattern("run = (old|new)");
      runOnce(HDFS.configuration(), output, IfExists.OVERWRITE, "new");
      assertThat(read(output + "/_SUCCESS")).contains("run = new");
      assertThat(names(parent)).as("call %s", n).containsExactly("out");
    }
    assertThat(failures).isGreaterThan(15);
  }

  @Test
  void aLostAnswerToTheRenameIsNoFailureIfTheResultStands() throws IOException {
    int published = 0;
    for (int n = 1; n < 100; n++) {
      String output = "/lost/" + n + "/out";
      Configuration failing = FailingHdfs.failing(HDFS.configuration(), n, FailingHdfs.Fault.AFTER);
      boolean told = runOnce(failing, output, IfExists.FAIL, "a");
      if (!FailingHdfs.hasFailed()) {
        break;
      }
      published += told ? 1 : 0;
      assertThat(told).as("what the run was told, call %s", n).isEqualTo(exists(output));
    }
    assertThat(published).isPositive();
  }

  @Test
  void aFullQuotaIsAnErrorAndLeavesNothing() throws IOException {
    Path parent = new Path("/quota");
    HDFS.fileSystem().mkdirs(parent);
    HDFS.fileSystem().setQuota(parent, Long.MAX_VALUE - 1, 1 << 20);

    try (ResultPublisher publisher =
        publisher(HDFS.configuration(), "/quota/out", IfExists.FAIL, "a")) {
      publisher.prepare();
      assertThatThrownBy(() -> publisher.publish(Map.of("model.onnx", new byte[2 << 20])))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("quota");
    }
    assertThat(names("/quota")).isEmpty();
  }

  @Test
  void aParentThatMayNotBeWrittenIsRefusedBeforeAnythingIsComputed() throws Exception {
    HDFS.fileSystem().mkdirs(new Path("/closed"));

    UserGroupInformation.createRemoteUser("stranger")
        .doAs(
            (PrivilegedExceptionAction<Void>)
                () -> {
                  try (ResultPublisher publisher =
                      publisher(HDFS.configuration(), "/closed/out", IfExists.FAIL, "a")) {
                    assertThatThrownBy(publisher::prepare)
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("cannot be written")
                        .hasMessageContaining("Permission denied: user=stranger");
                  }
                  return null;
                });
  }

  @Test
  void permissionsAreThoseOfPublicReadMinusTheUmask() throws IOException {
    Configuration configuration = HDFS.configuration();
    configuration.set("fs.permissions.umask-mode", "027");
    runOnce(configuration, "/umask/parent/out", IfExists.FAIL, "a");

    assertThat(permission("/umask/parent")).isEqualTo("rwxr-x---");
    assertThat(permission("/umask/parent/out")).isEqualTo("rwxr-x---");
    assertThat(permission("/umask/parent/out/model.onnx")).isEqualTo("rw-r-----");
  }

  /** Whether a run told that it had published. */
  private static boolean runOnce(
      Configuration configuration, String output, IfExists ifExists, String runId) {
    try (ResultPublisher publisher = publisher(configuration, output, ifExists, runId)) {
      if (publisher.prepare()) {
        publisher.publish(FILES);
        return true;
      }
      return false;
    } catch (UncheckedIOException e) {
      assertThat(e).hasMessageContaining("the file system is out of order");
      return false;
    }
  }

  private static ResultPublisher publisher(
      Configuration configuration, String output, IfExists ifExists, String runId) {
    ResultPublisher.Run run = new ResultPublisher.Run(runId, Duration.ofMillis(300));
    return new ResultPublisher(configuration, HDFS.path(output), ifExists, run);
  }

  private static boolean exists(String path) throws IOException {
    return HDFS.fileSystem().exists(new Path(path));
  }

  private static List<String> names(String directory) throws IOException {
    FileStatus[] entries = HDFS.fileSystem().listStatus(new Path(directory));
    return Arrays.stream(entries).map(entry -> entry.getPath().getName()).sorted().toList();
  }

  private static String permission(String path) throws IOException {
    return HDFS.fileSystem().getFileStatus(new Path(path)).getPermission().toString();
  }

  private static String read(String path) throws IOException {
    try (FSDataInputStream in = HDFS.fileSystem().open(new Path(path))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
