package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.testing.ForkedDriver;
import io.pare.testing.HdfsTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Runs of one command in drivers of their own, which are killed, and what they leave on an HDFS.
 *
 * @param command of the project
 * @param keys of the command, without the output
 * @param logs folder for what the drivers write
 */
record DriverKills(HdfsTest hdfs, String command, Map<String, String> keys, Path logs) {
  static final int KILLED = 128 + 9;
  static final int TERMINATED = 128 + 15;

  private static final String REUSED = "is taken from a checkpoint";

  /** A driver that publishes under a name. */
  ForkedDriver start(String name, int attempt) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(keys);
    all.put("output", hdfs.path(path(name)));
    all.put("lock-timeout", "3");
    return ForkedDriver.start(logs.resolve(slug(name) + attempt + ".log"), command, all);
  }

  /** Runs a driver to its good end. */
  ForkedDriver finish(String name, int attempt) throws IOException, InterruptedException {
    ForkedDriver driver = start(name, attempt);
    int exitCode = driver.end();
    assertThat(exitCode).as(driver.log()).isZero();
    return driver;
  }

  /** Starts a driver and kills it when its log has a text; nothing must be published then. */
  void killAt(String marker, String name, int attempt) throws IOException, InterruptedException {
    killAt(Pattern.compile(Pattern.quote(marker)), name, attempt);
  }

  /** Starts a driver and kills it when its log has a match; nothing must be published then. */
  void killAt(Pattern marker, String name, int attempt) throws IOException, InterruptedException {
    ForkedDriver driver = start(name, attempt);
    assertThat(driver.waitFor(marker)).as(driver.log()).isTrue();
    assertThat(driver.kill()).isEqualTo(KILLED);
    assertThat(exists(name)).as("published before the kill").isFalse();
  }

  /** Lines of a log that tell what was not computed again. */
  static List<String> reused(ForkedDriver driver) throws IOException {
    List<String> lines = new ArrayList<>(driver.log().lines().toList());
    lines.removeIf(line -> !line.contains(REUSED));
    return lines;
  }

  private static String slug(String name) {
    return name.replace(' ', '-');
  }

  private static String path(String name) {
    return "/" + slug(name) + "/out";
  }

  boolean exists(String name) throws IOException {
    return hdfs.fileSystem().exists(new org.apache.hadoop.fs.Path(path(name)));
  }

  /** Asserts that a name has the same network as another, and nothing beside its output. */
  void assertSame(String name, String other) throws IOException {
    assertSame(name, other, "model.onnx");
  }

  /** Asserts that a name has the same files as another, and nothing beside its output. */
  void assertSame(String name, String other, String... files) throws IOException {
    for (String file : files) {
      assertThat(hdfs.read(path(name) + "/" + file))
          .as(file)
          .isEqualTo(hdfs.read(path(other) + "/" + file))
          .isNotEmpty();
    }
    assertThat(hdfs.fileSystem().listStatus(new org.apache.hadoop.fs.Path("/" + slug(name))))
        .hasSize(1);
  }

  JsonNode report(String name) throws IOException {
    return new ObjectMapper().readTree(hdfs.read(path(name) + "/report.json"));
  }
}
