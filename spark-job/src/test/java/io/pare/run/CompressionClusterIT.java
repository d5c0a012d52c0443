package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ClusterTest;
import io.pare.testing.FaultyFileSystem.Fault;
import io.pare.testing.HdfsTest;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The same command in executors of their own, with all that Spark can authenticate and encrypt, and
 * in threads of one JVM without.
 */
class CompressionClusterIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();

  @RegisterExtension
  static final ClusterTest CLUSTER =
      new ClusterTest(
          Map.of(
              "spark.authenticate", "true",
              "spark.authenticate.secret", "of this test alone",
              "spark.network.crypto.enabled", "true",
              "spark.io.encryption.enabled", "true"));

  private static final ClusterJobs JOBS = new ClusterJobs(HDFS);

  @Test
  void twoExecutorsAndOneJvmPublishTheSameBytes() throws IOException {
    SecurityManager security = SparkEnv.get().securityManager();
    assertThat(security.isAuthenticationEnabled()).isTrue();
    assertThat(security.isEncryptionEnabled()).isTrue();
    assertThat(security.getIOEncryptionKey().isDefined()).isTrue();
    JOBS.compress(CLUSTER.context(), "/results/cluster", Fault.NONE, 0);
    CLUSTER.context().stop();
    try (JavaSparkContext local = new JavaSparkContext(SparkTest.conf("local[2]", "local"))) {
      JOBS.compress(local, "/results/local", Fault.NONE, 0);
    }

    assertThat(JOBS.model("/results/cluster")).isEqualTo(JOBS.model("/results/local")).isNotEmpty();
  }
}
