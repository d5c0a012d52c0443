package io.pare.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ClusterTest;
import io.pare.testing.FaultyFileSystem.Fault;
import io.pare.testing.HdfsTest;
import io.pare.testing.SparkTest;
import java.io.IOException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same command in executors of their own and in threads of one JVM. */
class CompressionClusterIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();
  @RegisterExtension static final ClusterTest CLUSTER = new ClusterTest();

  private static final ClusterJobs JOBS = new ClusterJobs(HDFS);

  @Test
  void twoExecutorsAndOneJvmPublishTheSameBytes() throws IOException {
    JOBS.compress(CLUSTER.context(), "/results/cluster", Fault.NONE, 0);
    CLUSTER.context().stop();
    try (JavaSparkContext local = new JavaSparkContext(SparkTest.conf("local[2]", "local"))) {
      JOBS.compress(local, "/results/local", Fault.NONE, 0);
    }

    assertThat(JOBS.model("/results/cluster")).isEqualTo(JOBS.model("/results/local")).isNotEmpty();
  }
}
