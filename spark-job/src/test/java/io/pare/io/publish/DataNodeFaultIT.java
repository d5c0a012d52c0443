package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.io.checkpoint.CheckpointKey;
import io.pare.io.checkpoint.CheckpointStore;
import io.pare.testing.FailingHdfs;
import io.pare.testing.FaultMatrix;
import io.pare.testing.HdfsTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DFSTestUtil;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;
import org.apache.hadoop.hdfs.protocol.ExtendedBlock;
import org.apache.hadoop.hdfs.server.datanode.DataNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An HDFS of four DataNodes that stop, or that hold damaged blocks. */
class DataNodeFaultIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest(4);

  private static final byte[] LARGE = new byte[3 << 20];
  private static final CheckpointKey KEY = new CheckpointKey("inputs", "solve", "layer");
  private static final long LONGEST_SECONDS = 180;

  static {
    Arrays.fill(LARGE, (byte) 7);
  }

  @SuppressWarnings("ArrayRecordComponent")
  record Layer(double[] weights) {}

  @Test
  void aDataNodeThatStopsInTheMiddleOfAFileChangesNoByte() throws IOException {
    List<DataNodeProperties> stopped = new ArrayList<>();
    Configuration stopping =
        FailingHdfs.inTheMiddle(
            HDFS.configuration(), () -> stopped.add(HDFS.cluster().stopDataNode(writing())));
    try {
      publish(stopping, "/one/out", "a");
    } finally {
      restart(stopped);
    }

    assertThat(stopped).hasSize(1);
    assertThat(HDFS.read("/one/out/model.onnx")).isEqualTo(LARGE);
    FaultMatrix.held(
        "a DataNode stops in the middle of a file",
        "MiniDFSCluster.stopDataNode behind the first 64 KiB of 3 MiB, one that writes",
        "DataNode " + stopped.get(0).getDatanode().getDisplayName() + " stopped",
        "published; the file reads back as it was written");
  }

  @Test
  void withoutAnyDataNodeTheRunEndsInBoundedTimeAndTheNextOneGoesOn() throws IOException {
    String checkpoints = HDFS.path("/all/.out.work/checkpoints");
    List<DataNodeProperties> stopped = new ArrayList<>();
    Configuration stopping =
        FailingHdfs.inTheMiddle(
            HDFS.configuration(),
            () -> {
              for (int k = 0; k < 4; k++) {
                stopped.add(HDFS.cluster().stopDataNode(0));
              }
              return stopped;
            });
    long start = System.nanoTime();
    try (ResultPublisher publisher = publisher(stopping, "/all/out", "a")) {
      publisher.prepare();
      new CheckpointStore(HDFS.configuration(), checkpoints, "a")
          .put(KEY, new Layer(new double[] {1, 2, 3}));
      assertThatThrownBy(() -> publisher.publish(Map.of("model.onnx", LARGE)))
          .isInstanceOf(UncheckedIOException.class);
    } finally {
      restart(stopped);
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);

    assertThat(stopped).hasSize(4);
    assertThat(seconds).isLessThan(LONGEST_SECONDS);
    assertThat(HDFS.fileSystem().exists(new Path("/all/out"))).isFalse();
    CheckpointStore later = new CheckpointStore(HDFS.configuration(), checkpoints, "b");
    assertThat(later.find(KEY, Layer.class)).isPresent();
    publish(HDFS.configuration(), "/all/out", "b");
    assertThat(HDFS.read("/all/out/model.onnx")).isEqualTo(LARGE);
    FaultMatrix.held(
        "all DataNodes stop in the middle of a file",
        "MiniDFSCluster.stopDataNode behind the first 64 KiB of 3 MiB, all four",
        stopped.size() + " DataNodes stopped",
        "an error after "
            + seconds
            + " s, nothing at the output; with them back the checkpoint was"
            + " found and the next run published");
  }

  @Test
  void oneCorruptReplicaOfACheckpointIsReadAround() throws Exception {
    CheckpointStore store = new CheckpointStore(HDFS.configuration(), HDFS.path("/store"), "a");
    store.put(KEY, new Layer(new double[] {1, 2, 3}));
    Path file = HDFS.fileSystem().listStatus(new Path("/store"))[0].getPath();
    ExtendedBlock block = DFSTestUtil.getFirstBlock(HDFS.fileSystem(), file);
    java.nio.file.Path replica = replica(block);
    byte[] damaged = Files.readAllBytes(replica);
    damaged[damaged.length / 2] ^= 1;
    Files.write(replica, damaged);

    // HDFS removes a replica once a reader has met its damage and told the NameNode.
    int reads = 0;
    long start = System.nanoTime();
    while (Files.exists(replica)) {
      CheckpointStore later = new CheckpointStore(HDFS.configuration(), HDFS.path("/store"), "b");
      assertThat(later.find(KEY, Layer.class).orElseThrow().weights()).containsExactly(1, 2, 3);
      assertThat(later.rejected()).isEmpty();
      reads++;
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start))
          .as("the damage is met")
          .isLessThan(LONGEST_SECONDS);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    FaultMatrix.held(
        "one replica of a checkpoint corrupt",
        "a bit of the block flipped on one of the three DataNodes that hold it",
        "the replica of block " + block.getBlockName() + " removed by HDFS after a read",
        "found and sound in all " + reads + " reads, none rejected");
  }

  /** The file of a block on the first DataNode that holds it. */
  private static java.nio.file.Path replica(ExtendedBlock block) {
    return IntStream.range(0, HDFS.cluster().getDataNodes().size())
        .mapToObj(node -> HDFS.cluster().getBlockFile(node, block))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow()
        .toPath();
  }

  /** A DataNode that takes part in writing a file now: the one with the most to do. */
  private static int writing() {
    List<DataNode> nodes = HDFS.cluster().getDataNodes();
    return IntStream.range(0, nodes.size())
        .boxed()
        .max(Comparator.comparingInt(k -> nodes.get(k).getXceiverCount()))
        .orElseThrow();
  }

  private static void publish(Configuration configuration, String output, String run) {
    try (ResultPublisher publisher = publisher(configuration, output, run)) {
      assertThat(publisher.prepare()).isTrue();
      publisher.publish(Map.of("model.onnx", LARGE));
    }
  }

  private static ResultPublisher publisher(Configuration configuration, String output, String run) {
    return new ResultPublisher(
        configuration,
        HDFS.path(output),
        IfExists.FAIL,
        new ResultPublisher.Run(run, Duration.ofSeconds(3)));
  }

  private static void restart(List<DataNodeProperties> stopped) throws IOException {
    for (DataNodeProperties node : stopped) {
      HDFS.cluster().restartDataNode(node, true);
    }
    HDFS.cluster().waitActive();
  }
}
