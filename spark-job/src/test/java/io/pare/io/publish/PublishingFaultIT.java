package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.InputException;
import io.pare.testing.FailingHdfs;
import io.pare.testing.FaultMatrix;
import io.pare.testing.HdfsTest;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs that are cut off or stall, at each of their calls to the file system. */
class PublishingFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final PublishRuns RUNS = new PublishRuns(HDFS);

  @ParameterizedTest
  @EnumSource(names = {"DISCONNECTED_BEFORE", "DISCONNECTED_AFTER"})
  void whicheverCallIsCutOffOnceTheRunPublishes(FailingHdfs.Fault fault) throws IOException {
    int failures = 0;
    for (int n = 1; ; n++) {
      String parent = "/cut-" + fault + "/" + n;
      RUNS.run(HDFS.configuration(), parent + "/out", IfExists.FAIL, "old");
      boolean told =
          RUNS.run(
              FailingHdfs.failing(HDFS.configuration(), n, fault),
              parent + "/out",
              IfExists.OVERWRITE,
              "new");
      if (!FailingHdfs.hasFailed()) {
        break;
      }
      failures++;
      assertThat(told).as("call %s", n).isTrue();
      assertThat(RUNS.read(parent + "/out/_SUCCESS")).as("call %s", n).contains("run = new");
      assertThat(RUNS.names(parent + "/out")).as("call %s", n).isEqualTo(PublishRuns.COMPLETE);
      RUNS.run(HDFS.configuration(), parent + "/out", IfExists.OVERWRITE, "next");
      assertThat(RUNS.names(parent)).as("call %s", n).containsExactly("out");
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
        RUNS.run(HDFS.configuration(), parent + "/out", IfExists.FAIL, "old");
      }
      String end = stall(parent, n, ifExists);
      if (!FailingHdfs.hasFailed()) {
        break;
      }
      stalls++;
      assertThat(end).as("call %s", n).containsAnyOf("taken over", "exists", "published");
      assertThat(RUNS.read(parent + "/out/_SUCCESS")).as("call %s", n).contains("run = other");
      assertThat(RUNS.names(parent + "/out")).as("call %s", n).isEqualTo(PublishRuns.COMPLETE);
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
    try (ResultPublisher stalled = RUNS.publisher(stalling, parent + "/out", ifExists, "stalled")) {
      stalled.prepare();
      FailingHdfs.delaying(HDFS.configuration(), n, () -> takeOver(parent));
      stalled.publish(PublishRuns.FILES);
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
    return RUNS.run(HDFS.configuration(), parent + "/out", IfExists.OVERWRITE, "other");
  }
}
