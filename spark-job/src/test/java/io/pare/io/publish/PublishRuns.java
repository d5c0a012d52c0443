package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.HdfsTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Runs that publish two small files to an HDFS, and what is then seen there. */
record PublishRuns(HdfsTest hdfs) {
  static final Map<String, byte[]> FILES =
      Map.of("model.onnx", bytes("network"), "manifest.json", bytes("{}"));
  static final List<String> COMPLETE =
      List.of("SHA256SUMS", "_SUCCESS", "manifest.json", "model.onnx");

  private static final Duration EXPIRY = Duration.ofMillis(300);

  /** Whether a run told that it had published; not if an injected failure ended it. */
  boolean run(Configuration configuration, String output, IfExists ifExists, String runId) {
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

  ResultPublisher publisher(
      Configuration configuration, String output, IfExists ifExists, String runId) {
    ResultPublisher.Run run = new ResultPublisher.Run(runId, EXPIRY);
    return new ResultPublisher(configuration, hdfs.path(output), ifExists, run);
  }

  boolean exists(String path) throws IOException {
    return hdfs.fileSystem().exists(new Path(path));
  }

  /** What a directory holds, sorted. */
  List<String> names(String directory) throws IOException {
    FileStatus[] entries = hdfs.fileSystem().listStatus(new Path(directory));
    return Arrays.stream(entries).map(entry -> entry.getPath().getName()).sorted().toList();
  }

  String read(String path) throws IOException {
    return new String(hdfs.read(path), StandardCharsets.UTF_8);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
