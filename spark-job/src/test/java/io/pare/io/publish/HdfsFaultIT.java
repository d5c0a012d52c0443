package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.io.checkpoint.CheckpointKey;
import io.pare.io.checkpoint.CheckpointStore;
import io.pare.testing.FaultMatrix;
import io.pare.testing.HdfsTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.hdfs.DFSTestUtil;
import org.apache.hadoop.hdfs.protocol.ExtendedBlock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An HDFS that is away, read-only, full or damaged while a run publishes. */
class HdfsFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  private static final Map<String, byte[]> FILES = Map.of("model.onnx", new byte[] {1, 2, 3});
  private static final CheckpointKey KEY = new CheckpointKey("inputs", "solve", "layer");

  @SuppressWarnings("ArrayRecordComponent")
  record Layer(double[] weights) {}

  @Test
  void aRestartOfTheNameNodeIsOutlasted() throws Exception {
    try (ResultPublisher publisher = publisher("/restart/out", "a")) {
      publisher.prepare();
      HDFS.cluster().shutdownNameNode(0);
      CountDownLatch started = new CountDownLatch(1);
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<PublishedResult> published =
          thread.submit(
              () -> {
                started.countDown();
                return publisher.publish(FILES);
              });
      started.await();
      Thread.sleep(1000);
      boolean waiting = !published.isDone();
      HDFS.cluster().restartNameNode(0, true);
      assertThat(waiting).as("waiting while the NameNode is down").isTrue();
      assertThat(published.get(3, TimeUnit.MINUTES).path()).endsWith("/restart/out");
      thread.shutdown();
    }
    assertThat(HDFS.fileSystem().exists(new Path("/restart/out/_SUCCESS"))).isTrue();
    FaultMatrix.held(
        "NameNode restart while a run publishes",
        "MiniDFSCluster.shutdownNameNode, restartNameNode after 1 s",
        "the publishing run was still waiting while it was down",
        "published by its own retry");
  }

  @Test
  void safeModeIsOutlasted() throws Exception {
    try (ResultPublisher publisher = publisher("/safe/out", "a")) {
      publisher.prepare();
      HDFS.fileSystem().setSafeMode(SafeModeAction.ENTER);
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<PublishedResult> published = thread.submit(() -> publisher.publish(FILES));
      Thread.sleep(1000);
      assertThat(published.isDone()).as("waiting in safe mode").isFalse();
      HDFS.fileSystem().setSafeMode(SafeModeAction.LEAVE);
      assertThat(published.get(3, TimeUnit.MINUTES).path()).endsWith("/safe/out");
      thread.shutdown();
    }
    FaultMatrix.held(
        "safe mode while a run publishes",
        "setSafeMode(ENTER), LEAVE after 1 s",
        "the publishing run was still waiting in safe mode",
        "published by its own retry");
  }

  @Test
  void aFullQuotaIsToldAndNothingPartialIsSeen() throws IOException {
    Path parent = new Path("/quota");
    HDFS.fileSystem().mkdirs(parent);
    HDFS.fileSystem().setQuota(parent, Long.MAX_VALUE - 1, 1 << 20);
    try (ResultPublisher publisher = publisher("/quota/out", "a")) {
      publisher.prepare();
      assertThatThrownBy(() -> publisher.publish(Map.of("model.onnx", new byte[2 << 20])))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("quota");
    }
    assertThat(HDFS.fileSystem().listStatus(parent)).isEmpty();
    FaultMatrix.held(
        "HDFS quota",
        "setQuota of 1 MiB, 2 MiB to publish",
        "the error names the quota",
        "clear error, nothing partial");
  }

  @Test
  void aCheckpointWithoutASoundReplicaIsNotUsed() throws IOException {
    CheckpointStore store = new CheckpointStore(HDFS.configuration(), HDFS.path("/store"), "a");
    store.put(KEY, new Layer(new double[] {1, 2, 3}));
    assertThat(store.find(KEY, Layer.class)).isPresent();
    Path file = HDFS.fileSystem().listStatus(new Path("/store"))[0].getPath();
    ExtendedBlock block = DFSTestUtil.getFirstBlock(HDFS.fileSystem(), file);
    int damaged = HDFS.cluster().corruptBlockOnDataNodes(block);
    assertThat(damaged).isEqualTo(1);

    CheckpointStore later = new CheckpointStore(HDFS.configuration(), HDFS.path("/store"), "b");
    assertThat(later.find(KEY, Layer.class)).isEmpty();
    assertThat(later.rejected()).hasSize(1);
    later.put(KEY, new Layer(new double[] {1, 2, 3}));
    assertThat(later.find(KEY, Layer.class).orElseThrow().weights()).containsExactly(1, 2, 3);
    FaultMatrix.held(
        "all replicas of a checkpoint corrupt",
        "corruptBlockOnDataNodes",
        damaged + " replica damaged, the checkpoint rejected",
        "never used, replaced by the next one");
  }

  @Test
  void aDirectoryThatMayNotBeWrittenIsRefusedBeforeAnythingIsComputed() throws Exception {
    HDFS.fileSystem().mkdirs(new Path("/closed"));
    org.apache.hadoop.security.UserGroupInformation.createRemoteUser("stranger")
        .doAs(
            (java.security.PrivilegedExceptionAction<Void>)
                () -> {
                  try (ResultPublisher publisher = publisher("/closed/out", "a")) {
                    assertThatThrownBy(publisher::prepare)
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("cannot be written");
                  }
                  return null;
                });
    FaultMatrix.held(
        "output not writable",
        "doAs another user, in a directory of mode 755",
        "Permission denied: user=stranger",
        "refused in prepare(), exit code 2");
  }

  private static ResultPublisher publisher(String output, String run) {
    return new ResultPublisher(
        HDFS.configuration(),
        HDFS.path(output),
        IfExists.FAIL,
        new ResultPublisher.Run(run, Duration.ofSeconds(3)));
  }
}
