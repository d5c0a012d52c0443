package io.pare.io.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import io.pare.io.StoredObjects;
import io.pare.io.checkpoint.CheckpointKey;
import io.pare.io.checkpoint.CheckpointStore;
import io.pare.testing.LocalStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results on a store that neither renames nor replaces on condition. */
class StoreWithoutConditionsTest {
  private final Configuration configuration = LocalStore.configuration();

  @TempDir private Path folder;
  private String output;

  @BeforeEach
  void nameTheOutput() {
    output = LocalStore.path(folder.resolve("out"));
  }

  @Test
  void aResultIsPublishedSkippedRefusedAndReplaced() throws IOException {
    assertThat(run(IfExists.FAIL, "a")).isEqualTo("published");
    assertThat(run(IfExists.SKIP, "b")).isEqualTo("left as it is");
    assertThat(run(IfExists.FAIL, "c")).contains("exists: choose another path");
    assertThat(read("model.onnx")).isEqualTo("network of a");

    assertThat(run(IfExists.OVERWRITE, "d")).isEqualTo("published");

    assertThat(read("model.onnx")).isEqualTo("network of d");
    assertThat(files())
        .containsExactly(
            "out/_SUCCESS",
            "out/run-d/SHA256SUMS",
            "out/run-d/manifest.json",
            "out/run-d/model.onnx");
  }

  @Test
  void aRunThatFindsAnotherManifestThanWhenItBeganReplacesNothing() throws IOException {
    run(IfExists.FAIL, "old");
    try (ResultPublisher stalled = publisher(IfExists.OVERWRITE, "stalled")) {
      assertThat(stalled.prepare()).isTrue();
      Files.delete(folder.resolve(".out.work/lock"));
      assertThat(run(IfExists.OVERWRITE, "other")).isEqualTo("published");
      // The lock is its own again, so that nothing but the manifest can stop it.
      Files.createDirectories(folder.resolve(".out.work"));
      Files.writeString(folder.resolve(".out.work/lock"), "run = stalled\nsign = 1\n");
      assertThatThrownBy(() -> stalled.publish(files("stalled")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("published by another run meanwhile");
    }
    assertThat(read("model.onnx")).isEqualTo("network of other");
    assertThat(files()).hasSize(4);
  }

  @Test
  void aManifestThatWasNeverCompletedIsNoneAndIsReplaced() throws IOException {
    Files.createDirectories(folder.resolve("out/run-dead"));
    Files.writeString(folder.resolve("out/run-dead/model.onnx"), "part");
    Files.writeString(folder.resolve("out/_SUCCESS"), "");

    assertThat(run(IfExists.FAIL, "a")).isEqualTo("published");

    assertThat(read("model.onnx")).isEqualTo("network of a");
    assertThat(files()).hasSize(4).noneMatch(name -> name.contains("dead"));
  }

  @Test
  void aManifestThatLeadsElsewhereIsNoneOfOurs() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("secret"), "secret");
    for (String place : List.of("..", "../secret", "run-a/../..", "/run-a")) {
      String text = "run = a\nsha256sums = " + "0".repeat(64) + "\nfiles = " + place + "\n";
      Files.writeString(folder.resolve("out/_SUCCESS"), text);
      assertThatThrownBy(() -> read("secret"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("does not exist");
    }
  }

  @Test
  void objectsAreReplacedOnlyAsTheyWereRead() throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(output);
    StoredObjects objects = StoredObjects.of(path, configuration);
    assertThat(objects.replacesInOneStep(path)).isFalse();
    assertThat(objects.create(path, "1")).isTrue();
    assertThat(objects.create(path, "2")).isFalse();
    StoredObjects.Seen first = objects.read(path).orElseThrow();
    assertThat(objects.replace(path, "3", first)).isTrue();
    assertThat(objects.replace(path, "4", first)).isFalse();
    assertThat(objects.read(path).orElseThrow().text()).isEqualTo("3");
  }

  private record Part(int value) {}

  @Test
  void checkpointsAreWrittenInTheirPlaceAndFound() throws IOException {
    String place = LocalStore.path(folder.resolve(".out.work/checkpoints"));
    CheckpointKey key = new CheckpointKey("solve", "layer", "hash");
    CheckpointStore store = new CheckpointStore(configuration, place, "a");
    assertThat(store.find(key, Part.class)).isEmpty();

    store.put(key, new Part(7));

    assertThat(new CheckpointStore(configuration, place, "b").find(key, Part.class))
        .contains(new Part(7));
    store.clear();
    assertThat(store.find(key, Part.class)).isEmpty();
  }

  private static Map<String, byte[]> files(String runId) {
    return Map.of(
        "model.onnx",
        ("network of " + runId).getBytes(StandardCharsets.UTF_8),
        "manifest.json",
        "{}".getBytes(StandardCharsets.UTF_8));
  }

  private ResultPublisher publisher(IfExists ifExists, String runId) {
    return new ResultPublisher(
        configuration, output, ifExists, new ResultPublisher.Run(runId, Duration.ofSeconds(3)));
  }

  private String run(IfExists ifExists, String runId) {
    try (ResultPublisher publisher = publisher(ifExists, runId)) {
      if (!publisher.prepare()) {
        return "left as it is";
      }
      publisher.publish(files(runId));
      return "published";
    } catch (InputException e) {
      return e.getMessage();
    }
  }

  private String read(String name) {
    byte[] bytes = new HadoopFiles(configuration).readAll(output + "/" + name, 100);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      return found
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
