package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.checkpoint.CheckpointKey;
import io.pare.io.checkpoint.CheckpointStore;
import io.pare.testing.FaultMatrix;
import io.pare.testing.HdfsTest;
import java.io.IOException;
import java.time.Duration;
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
                return publisher.publish(PublishRuns.FILES);
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
      Future<PublishedResult> published = thread.submit(() -> publisher.publish(PublishRuns.FILES));
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

  private static ResultPublisher publisher(String output, String run) {
    return new ResultPublisher(
        HDFS.configuration(),
        HDFS.path(output),
        IfExists.FAIL,
        new ResultPublisher.Run(run, Duration.ofSeconds(3)));
  }
}
