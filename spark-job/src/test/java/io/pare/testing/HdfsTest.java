package io.pare.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One HDFS of a NameNode and a DataNode, or several, for all tests of a class, its blocks in {@code
 * target}. To be registered in a static field: {@code @RegisterExtension static final HdfsTest HDFS
 * = new HdfsTest();}
 */
public final class HdfsTest implements BeforeAllCallback, AfterAllCallback {
  private final int dataNodes;
  private MiniDFSCluster cluster;

  /** An HDFS with one DataNode. */
  public HdfsTest() {
    this(1);
  }

  /** An HDFS with so many DataNodes, each of which holds every block, up to three. */
  public HdfsTest(int dataNodes) {
    this.dataNodes = dataNodes;
  }

  @Override
  public void beforeAll(ExtensionContext test) throws IOException {
    Configuration configuration = new Configuration();
    Path folder = Path.of("target", "hdfs", test.getRequiredTestClass().getSimpleName());
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toAbsolutePath().toString());
    configuration.set("dfs.namenode.fs-limits.min-block-size", "1024");
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(dataNodes).build();
    cluster.waitActive();
  }

  @Override
  public void afterAll(ExtensionContext test) {
    cluster.shutdown(true);
  }

  /** The cluster itself, for tests that break it. */
  public MiniDFSCluster cluster() {
    return cluster;
  }

  /** A configuration of a client whose default file system is this HDFS. */
  public Configuration configuration() {
    Configuration configuration = new Configuration(cluster.getConfiguration(0));
    // Files of one small block are complete at once: do not wait 0.4 s before asking again.
    configuration.set("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "5");
    configuration.set("fs.defaultFS", cluster.getURI().toString());
    return configuration;
  }

  /** Its file system. */
  public DistributedFileSystem fileSystem() {
    try {
      return cluster.getFileSystem();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The content of a file, by its path on it. */
  public byte[] read(String absolute) throws IOException {
    try (FSDataInputStream in = fileSystem().open(new org.apache.hadoop.fs.Path(absolute))) {
      return in.readAllBytes();
    }
  }

  /** A path on it in full. */
  public String path(String absolute) {
    return cluster.getURI() + absolute;
  }
}
