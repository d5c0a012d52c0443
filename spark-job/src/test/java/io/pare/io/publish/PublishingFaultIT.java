package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.InputException;
import io.pare.testing.FailingHdfs;
import io.pare.testing.FaultMatrix;
import io.pare.testing.HdfsTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs that are cut off or stall, at each of their calls to the file system. */
class PublishingFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final Map<String, byte[]> FILES =
      Map.of("model.onnx", bytes("network"), "manifest.json", bytes("{}"));
  private static final List<String> COMPLETE =
      List.of("SHA256SUMS", "_SUCCESS", "manifest.json", "model.onnx");

  @ParameterizedTest
  @EnumSource(names = {"DISCONNECTED_BEFORE", "DISCONNECTED_AFTER"})
  void whicheverCallIsCutOffOnceTheRunPublishes(FailingHdfs.Fault fault) throws IOException {
    int failures = 0;
    for (int n = 1; ; n++) {
      String parent = "/cut-" + fault + "/" + n;
      runOnce(HDFS.configuration(), parent + "/out", IfExists.FAIL, "old");
      boolean told =
          runOnce(
              FailingHdfs.failing(HDFS.configuration(), n, fault),
              parent + "/out",
              IfExists.OVERWRITE,
              "new");
      if (!FailingHdfs.hasFailed()) {
        break;
      }
      failures++;
      assertThat(told).as("call %s", n).isTrue();
      assertThat(read(parent + "/out/_SUCCESS")).as("call %s", n).contains("run = new");
      assertThat(names(parent + "/out")).as("call %s", n).isEqualTo(COMPLETE);
      runOnce(HDFS.configuration(), parent + "/out", IfExists.OVERWRITE, "next");
      assertThat(names(parent)).as("call %s", n).containsExactly("out");
    }
    assertThat(failures).isGreaterThan(25);
    FaultMatrix.held(
        "connection to the NameNode lost, " + fault,
        "EOFException at the n-th file system call, for every n, over a result to overwrite",
        failures + " calls failed",
        "each run published after its own retry; nothing partial, nothing left beside");
  }

  @ParameterizedTest
  @EnumSource(names = {"FAIL", "OVERWRITE"})
  void whereverARunStallsWhenItWakesItChangesNothing(IfExists ifExists) throws IOException {
    int stalls = 0;
    for (int n = 1; ; n++) {
      String parent = "/stall-" + ifExists + "/" + n;
      if (ifExists == IfExists.OVERWRITE) {
        runOnce(HDFS.configuration(), parent + "/out", IfExists.FAIL, "old");
      }
      String end = stall(parent, n, ifExists);
      if (!FailingHdfs.hasFailed()) {
        break;
      }
      stalls++;
      assertThat(end).as("call %s", n).containsAnyOf("taken over", "exists", "published");
      assertThat(read(parent + "/out/_SUCCESS")).as("call %s", n).contains("run = other");
      assertThat(names(parent + "/out")).as("call %s", n).isEqualTo(COMPLETE);
    }
    assertThat(stalls).isGreaterThan(15);
    FaultMatrix.held(
        "a stalled run wakes after another has published, if-exists " + ifExists,
        "lock taken over and another result published before the n-th call, for every n",
        stalls + " stalls",
        "fenced off: the published bytes are the other run's");
  }

  /** Publishes, with a stall before the n-th call in which another run takes over. */
  private static String stall(String parent, int n, IfExists ifExists) {
    Configuration stalling =
        FailingHdfs.delaying(HDFS.configuration(), Integer.MAX_VALUE, () -> parent);
    try (ResultPublisher stalled = publisher(stalling, parent + "/out", ifExists, "stalled")) {
      stalled.prepare();
      FailingHdfs.delaying(HDFS.configuration(), n, () -> takeOver(parent));
      stalled.publish(FILES);
      return "published";
    } catch (InputException e) {
      return e.getMessage();
    }
  }

  /** What another run does once the lock of the first one has expired. */
  private static boolean takeOver(String parent) throws IOException {
    HDFS.fileSystem()
        .rename(
            new Path(parent + "/.out.work/holder/stalled"),
            new Path(parent + "/.out.work/dead-stalled"));
    return runOnce(HDFS.configuration(), parent + "/out", IfExists.OVERWRITE, "other");
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

  private static List<String> names(String directory) throws IOException {
    FileStatus[] entries = HDFS.fileSystem().listStatus(new Path(directory));
    return Arrays.stream(entries).map(entry -> entry.getPath().getName()).sorted().toList();
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
