package io.pare.io.publish;

import io.pare.InputException;
import io.pare.testing.S3Server;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * Runs that publish two small files to a server that speaks S3.
 *
 * @param s3 the server
 */
record StoredRuns(S3Server s3) {
  static final String PUBLISHED = "published";

  private static final Duration EXPIRY = Duration.ofSeconds(6);

  static Map<String, byte[]> files(String runId) {
    return Map.of(
        "model.onnx",
        ("network of " + runId).getBytes(StandardCharsets.UTF_8),
        "manifest.json",
        "{}".getBytes(StandardCharsets.UTF_8));
  }

  /** Keys of a complete result, and of nothing else. */
  static List<String> complete(String output, String runId) {
    return Stream.of(
            "_SUCCESS",
            folder(runId, "SHA256SUMS"),
            folder(runId, "manifest.json"),
            folder(runId, "model.onnx"))
        .map(key -> output + "/" + key)
        .toList();
  }

  private static String folder(String runId, String name) {
    return "run-" + runId + "/" + name;
  }

  ResultPublisher publisher(String output, IfExists ifExists, String runId) {
    return publisher(s3.configuration(), output, ifExists, runId);
  }

  private static ResultPublisher publisher(
      Configuration configuration, String output, IfExists ifExists, String runId) {
    return new ResultPublisher(
        configuration, output, ifExists, new ResultPublisher.Run(runId, EXPIRY));
  }

  /** How a run ends: what it is refused with, or whether it has published. */
  String run(String output, IfExists ifExists, String runId) {
    return run(publisher(output, ifExists, runId), runId);
  }

  /** The same past the gate, over a result that is there. */
  String overwriteDirectly(String output, String runId) {
    return run(publisher(s3.direct(), output, IfExists.OVERWRITE, runId), runId);
  }

  private static String run(ResultPublisher run, String runId) {
    try (ResultPublisher publisher = run) {
      if (!publisher.prepare()) {
        return "left as it is";
      }
      publisher.publish(files(runId));
      return PUBLISHED;
    } catch (InputException e) {
      return e.getMessage();
    }
  }
}
