package io.pare.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ClusterTest;
import io.pare.testing.HdfsTest;
import io.pare.testing.Sample;
import io.pare.testing.SparkTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same command in executors of their own and in threads of one JVM. */
class CompressionClusterIT {
  @RegisterExtension static final HdfsTest HDFS = new HdfsTest();
  @RegisterExtension static final ClusterTest CLUSTER = new ClusterTest();

  @Test
  void twoExecutorsAndOneJvmPublishTheSameBytes() throws IOException {
    compress(CLUSTER.context(), "/results/cluster");
    CLUSTER.context().stop();
    try (JavaSparkContext local = new JavaSparkContext(SparkTest.conf("local[2]", "local"))) {
      compress(local, "/results/local");
    }

    assertThat(model("/results/cluster")).isEqualTo(model("/results/local")).isNotEmpty();
  }

  private static void compress(JavaSparkContext spark, String output) {
    Map<String, String> keys = new LinkedHashMap<>(Sample.compression(HDFS.path(output)));
    keys.remove("validation");
    keys.put("calibration-images", "120");
    keys.put("samples-per-column", "2");
    keys.put("forms", "channel,spatial,channels");
    JobConfig config = JobConfig.of(Settings.of(Optional.empty(), keys));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CompressionJob(config, new PrintStream(out, true, StandardCharsets.UTF_8)).run(spark);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("published ");
  }

  private static byte[] model(String output) throws IOException {
    try (FSDataInputStream in = HDFS.fileSystem().open(new Path(output + "/model.onnx"))) {
      return in.readAllBytes();
    }
  }
}
