package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.FaultyFileSystem;
import io.pare.testing.HdfsTest;
import io.pare.testing.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Quick compressions of a small network that publish to an HDFS; their images come through a {@link
 * FaultyFileSystem}.
 */
record ClusterJobs(HdfsTest hdfs) {
  private static final Path MODEL = new Path("/plain.onnx");

  /** The keys of a job that publishes to a path. */
  private Map<String, String> keys(String output) {
    try (FSDataOutputStream out = hdfs.fileSystem().create(MODEL)) {
      out.write(GoalJobs.plain());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> keys = Sample.compression(hdfs.path(output));
    keys.remove("validation");
    keys.put("model", hdfs.path(MODEL.toString()));
    keys.put("target", "params=1.5");
    keys.put("forms", "low-rank-channel,kept-inputs");
    keys.put("images", FaultyFileSystem.path(Sample.path("calibration.parquet")));
    keys.put("calibration-images", "60");
    keys.put("samples-per-column", "1");
    keys.put("sensitivity-images", "12");
    return keys;
  }

  /** Runs a job that is to publish. */
  void compress(JavaSparkContext spark, String output) {
    assertThat(GoalJobs.compress(spark, keys(output))).contains("published ");
  }

  /** Runs a job that is to publish, and in which a fault strikes. */
  void compress(JavaSparkContext spark, String output, FaultyFileSystem.Fault fault, int attempts) {
    FaultyFileSystem.strike(spark.hadoopConfiguration(), fault, attempts);
    compress(spark, output);
  }

  byte[] model(String output) throws IOException {
    return hdfs.read(output + "/model.onnx");
  }

  String report(String output) throws IOException {
    return new String(hdfs.read(output + "/report.json"), StandardCharsets.UTF_8);
  }

  /** Whether anything is at the output. */
  boolean exists(String output) throws IOException {
    return hdfs.fileSystem().exists(new Path(output));
  }
}
