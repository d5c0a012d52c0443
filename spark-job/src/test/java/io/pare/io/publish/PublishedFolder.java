package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * Runs that publish to a folder of this machine.
 *
 * @param output that they publish to
 */
record PublishedFolder(Path output) {
  static final Map<String, byte[]> FILES =
      Map.of("model.onnx", bytes("network"), "manifest.json", bytes("{}"));

  static final Duration EXPIRY = Duration.ofMillis(300);

  ResultPublisher publisher(IfExists ifExists, String runId) {
    return new ResultPublisher(
        new Configuration(), output.toString(), ifExists, new ResultPublisher.Run(runId, EXPIRY));
  }

  /** Where runs keep what is not published yet. */
  Path work() {
    return output.resolveSibling(".out.work");
  }

  static void publish(ResultPublisher publisher) {
    try (publisher) {
      assertThat(publisher.prepare()).isTrue();
      publisher.publish(FILES);
    }
  }

  /** What is in a directory, in the order of its names. */
  static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
