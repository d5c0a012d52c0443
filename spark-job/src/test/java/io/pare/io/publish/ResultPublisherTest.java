package io.pare.io.publish;

import static io.pare.io.publish.PublishedFolder.FILES;
import static io.pare.io.publish.PublishedFolder.names;
import static io.pare.io.publish.PublishedFolder.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.testing.BadInputs;
import io.pare.testing.FaultMatrix;
import io.pare.testing.MountedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResultPublisherTest {
  @TempDir private Path folder;
  private Path output;
  private PublishedFolder runs;

  @BeforeEach
  void nameTheOutput() {
    output = folder.resolve("models/out");
    runs = new PublishedFolder(output);
  }

  @Test
  void anOutputThatCannotBeMadeIsRefusedBeforeAnyWork() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[] {1});
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));

    refused("below a file", file.resolve("out"), file + " is no directory");
    refused("a file", file, file + " is no directory");
    refused("link to nothing", link, link + " is a link to nothing");
    refused("below a link to nothing", link.resolve("out"), link + " is a link to nothing");
    refused("name with a colon", folder.resolve("out:1"), "holds a colon");
    refused("name of 250 characters", folder.resolve("o".repeat(250)), "its name has 250 bytes");
    assertThat(names(folder)).containsExactlyInAnyOrder("file", "link");
  }

  /** Read-only, since permissions do not bind the root that tests may run as. */
  @Test
  void aPlaceThatCannotBeWrittenIsRefusedBeforeAnyWork() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    MountedDisk.during(
        disk,
        "ro",
        () -> {
          notPrepared("on a read-only disk", disk.resolve("out"), "cannot be made: Read-only file");
          notPrepared(
              "folders on a read-only disk", disk.resolve("a/b/out"), disk + "/a cannot be");
        });
    assertThat(names(disk)).isEmpty();
  }

  @Test
  void aFileInThePlaceOfTheHiddenDirectoryIsRefusedBeforeAnyWork() throws IOException {
    Path mine = Files.writeString(folder.resolve(".out.work"), "mine");

    notPrepared("a file in the place of .work", folder.resolve("out"), mine + " is no directory");
    assertThat(mine).hasContent("mine");
    assertThat(names(folder)).containsExactly(".out.work");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "holder",
        "holder/thesis.tex",
        "holder/thesis/thesis.tex",
        "holder/run/staging",
        "dead-notes",
        "dead-run/photos/a.png",
        "checkpoints",
        "checkpoints/thesis.tex"
      })
  void whatNoRunHasMadeInTheHiddenDirectoryIsNotTakenForALock(String name) throws IOException {
    Path mine = folder.resolve(".out.work").resolve(name);
    Files.createDirectories(mine.getParent());
    Files.writeString(mine, "mine");

    notPrepared(
        "a foreign file in the hidden directory: " + name,
        folder.resolve("out"),
        "lies where runs with this output work, and none has made it");
    assertThat(mine).hasContent("mine");
    assertThat(names(folder)).containsExactly(".out.work");
  }

  private void notPrepared(String bad, Path place, String message) {
    try (ResultPublisher publisher =
        new ResultPublisher(new Configuration(), place.toString(), IfExists.FAIL, "a")) {
      assertThatThrownBy(publisher::prepare)
          .isInstanceOfSatisfying(InputException.class, e -> told(bad, e))
          .hasMessageStartingWith("output = file:" + place)
          .hasMessageContaining(message);
    }
  }

  private void told(String bad, InputException e) {
    assertThat(e.kind().exitCode()).isEqualTo(2);
    BadInputs.refused("output", bad, e.getMessage().replace(folder.toString(), ""), "2");
  }

  private void refused(String bad, Path place, String message) {
    assertThatThrownBy(
            () -> new ResultPublisher(new Configuration(), place.toString(), IfExists.FAIL, "a"))
        .isInstanceOfSatisfying(InputException.class, e -> told(bad, e))
        .hasMessageContaining(message);
  }

  @Test
  void cleaningRemovesWhatAnEndedRunHasLeftAndNothingOfALiveOne() throws IOException {
    Path work = folder.resolve("models/.out.work");
    try (ResultPublisher publisher = runs.publisher(IfExists.FAIL, "a")) {
      assertThat(publisher.clean()).as("nothing is there yet").isFalse();
      assertThat(publisher.prepare()).isTrue();
      Files.createDirectories(work.resolve("checkpoints"));
      assertThat(publisher.kept()).hasValueSatisfying(it -> assertThat(it).endsWith(".out.work"));
      try (ResultPublisher other = runs.publisher(IfExists.FAIL, "b")) {
        assertThatThrownBy(other::clean)
            .isInstanceOf(InputException.class)
            .hasMessageContaining("the run a is at work on it");
      }
      assertThat(work.resolve("checkpoints")).isDirectory();
    }
    assertThat(work.resolve("checkpoints")).as("kept for the next run").isDirectory();
    try (ResultPublisher other = runs.publisher(IfExists.FAIL, "c")) {
      assertThat(other.clean()).isTrue();
    }
    assertThat(work).doesNotExist();
  }

  @Test
  void aResultAppearsWithItsHashesAndNothingBesideIt() throws IOException {
    try (ResultPublisher publisher = runs.publisher(IfExists.FAIL, "a")) {
      assertThat(publisher.prepare()).isTrue();
      assertThat(output).doesNotExist();
      PublishedResult result = publisher.publish(FILES);

      assertThat(result.path()).isEqualTo("file:" + output);
      assertThat(result.sha256())
          .containsEntry(
              "manifest.json", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")
          .containsOnlyKeys("manifest.json", "model.onnx");
    }
    assertThat(names(output))
        .containsExactly("SHA256SUMS", "_SUCCESS", "manifest.json", "model.onnx");
    assertThat(names(output.getParent())).containsExactly("out");
    assertThat(output.resolve("_SUCCESS")).content().startsWith("run = a\nsha256sums = ");
    assertThat(output.resolve("SHA256SUMS")).content().contains("  manifest.json\n");
  }

  /** Those that this process gives to any file: what HDFS is configured with is not for disks. */
  @Test
  void permissionsOnADiskFollowTheUmaskOfTheProcess() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set("fs.permissions.umask-mode", "077");
    publish(new ResultPublisher(configuration, output.toString(), IfExists.FAIL, "a"));

    String directory = permissions(Files.createDirectory(folder.resolve("any")));
    assertThat(permissions(output.getParent())).isEqualTo(directory);
    assertThat(permissions(output)).isEqualTo(directory);
    assertThat(permissions(output.resolve("model.onnx")))
        .isEqualTo(permissions(Files.createFile(folder.resolve("any/file"))));
  }

  @Test
  void anExistingOutputIsRefusedBeforeAnythingIsComputed() throws IOException {
    publish(runs.publisher(IfExists.FAIL, "a"));

    try (ResultPublisher second = runs.publisher(IfExists.FAIL, "b")) {
      assertThatThrownBy(second::prepare)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("exists: choose another path, or give --if-exists");
    }
    assertThat(output.resolve("_SUCCESS")).content().startsWith("run = a");
    FaultMatrix.held(
        "output exists from another configuration",
        "a second run on the path of a complete result, if-exists FAIL",
        "the error names the path and --if-exists",
        "refused in prepare(), before anything is computed; the old bytes intact");
  }

  @Test
  void anExistingResultIsSkipped() throws IOException {
    publish(runs.publisher(IfExists.FAIL, "a"));

    try (ResultPublisher second = runs.publisher(IfExists.SKIP, "b")) {
      assertThat(second.prepare()).isFalse();
    }
    assertThat(names(output.getParent())).containsExactly("out");
  }

  @Test
  void anExistingResultStaysUntilTheNewOneReplacesIt() throws IOException {
    publish(runs.publisher(IfExists.FAIL, "a"));

    try (ResultPublisher second = runs.publisher(IfExists.OVERWRITE, "b")) {
      assertThat(second.prepare()).isTrue();
      assertThat(output.resolve("_SUCCESS")).content().startsWith("run = a");
      second.publish(Map.of("model.onnx", bytes("other")));
    }
    assertThat(output.resolve("_SUCCESS")).content().startsWith("run = b");
    assertThat(names(output)).containsExactly("SHA256SUMS", "_SUCCESS", "model.onnx");
    assertThat(names(output.getParent())).containsExactly("out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SKIP", "OVERWRITE"})
  void aDirectoryThatIsNoResultIsNeitherReplacedNorTakenForOne(IfExists ifExists)
      throws IOException {
    Files.createDirectories(output);
    Files.writeString(output.resolve("thesis.tex"), "text");

    try (ResultPublisher publisher = runs.publisher(ifExists, "a")) {
      assertThatThrownBy(publisher::prepare)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("holds no complete result of Pare");
    }
    assertThat(output.resolve("thesis.tex")).hasContent("text");
  }

  @Test
  void foreignFilesInAResultKeepItFromBeingReplacedAndAreNamed() throws IOException {
    publish(runs.publisher(IfExists.FAIL, "a"));
    for (String name : List.of("1.txt", "2.txt", "3.txt", "4.txt", "5.txt", "6.txt")) {
      Files.writeString(output.resolve(name), name);
    }
    Files.writeString(Files.createDirectory(output.resolve("0-images")).resolve("a.png"), "png");

    try (ResultPublisher second = runs.publisher(IfExists.OVERWRITE, "b")) {
      assertThatThrownBy(second::prepare)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("holds 7 files or folders that are no part of its result: ")
          .hasMessageContaining("0-images/, 1.txt, 2.txt, 3.txt, 4.txt and 2 more");
    }
    assertThat(output.resolve("0-images/a.png")).hasContent("png");
    assertThat(names(output)).hasSize(11);
    assertThat(names(output.getParent())).containsExactly("out");
  }

  @Test
  void aFileThatWasChangedSinceIsNoPartOfTheResult() throws IOException {
    publish(runs.publisher(IfExists.FAIL, "a"));
    Files.writeString(output.resolve("model.onnx"), "mine");

    try (ResultPublisher second = runs.publisher(IfExists.OVERWRITE, "b")) {
      assertThatThrownBy(second::prepare)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("model.onnx (changed since)");
    }
    assertThat(output.resolve("model.onnx")).hasContent("mine");
  }

  @Test
  void aFileThatComesIntoTheOldResultDuringTheRunIsNotLost() throws IOException {
    publish(runs.publisher(IfExists.FAIL, "a"));

    try (ResultPublisher second = runs.publisher(IfExists.OVERWRITE, "b")) {
      assertThat(second.prepare()).isTrue();
      Files.writeString(output.resolve("notes.txt"), "mine");
      assertThatThrownBy(() -> second.publish(FILES))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("no part of its result: notes.txt");
    }
    assertThat(output.resolve("notes.txt")).hasContent("mine");
    assertThat(output.resolve("_SUCCESS")).content().startsWith("run = a");
    assertThat(names(output.getParent())).containsExactly("out");
  }

  @ParameterizedTest
  @EnumSource(names = {"SKIP", "OVERWRITE"})
  void aWordOfSuccessAloneIsNoResult(IfExists ifExists) throws IOException {
    Files.createDirectories(output);
    Files.writeString(output.resolve("_SUCCESS"), "run = a\nsha256sums = 00\n");
    Files.writeString(output.resolve("thesis.tex"), "text");

    try (ResultPublisher publisher = runs.publisher(ifExists, "b")) {
      assertThatThrownBy(publisher::prepare)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("holds no complete result of Pare");
    }
    assertThat(output.resolve("thesis.tex")).hasContent("text");
  }

  @Test
  void aResultThatLacksAFileIsNotSkipped() throws IOException {
    publish(runs.publisher(IfExists.FAIL, "a"));
    Files.delete(output.resolve("model.onnx"));

    try (ResultPublisher second = runs.publisher(IfExists.SKIP, "b")) {
      assertThatThrownBy(second::prepare)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("holds no complete result of Pare");
    }
  }

  @Test
  void aResultThatAKilledRunMovedAsideComesBack() throws IOException {
    publish(runs.publisher(IfExists.FAIL, "a"));
    Path killed = Files.createDirectories(runs.work().resolve("holder/killed"));
    Files.move(output, killed.resolve("replaced"));

    try (ResultPublisher next = runs.publisher(IfExists.SKIP, "b")) {
      assertThat(next.prepare()).isFalse();
    }
    assertThat(output.resolve("_SUCCESS")).content().startsWith("run = a");
    assertThat(names(output.getParent())).containsExactly("out");
  }

  @Test
  void whatAnUnpublishedRunWroteIsRemoved() throws IOException {
    try (ResultPublisher publisher = runs.publisher(IfExists.FAIL, "a")) {
      publisher.prepare();
      assertThat(names(output.getParent())).containsExactly(".out.work");
      assertThat(names(runs.work().resolve("holder"))).containsExactly("a");
    }
    assertThat(names(output.getParent())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "gs://bucket/out, give spark-submit the library of gs before -- (--packages)",
    "abfss://c@a/out, before -- (--packages org.apache.hadoop:hadoop-azure:3.4.2)",
    "s3://bucket/out, Hadoop reads and writes S3 as s3a://",
    "s4://bucket/out, no file system s4 is known here: correct the path",
    "https://host/out, is on a web server"
  })
  void aFileSystemThatIsNotKnownHereIsRefusedBeforeAnyWork(String path, String message) {
    assertThatThrownBy(() -> publisherTo(path))
        .isInstanceOfSatisfying(InputException.class, e -> told("path " + path, e))
        .hasMessageContaining(path)
        .hasMessageContaining(message);
  }

  @Test
  void theRootIsRefused() {
    assertThatThrownBy(() -> publisherTo("file:///"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the root directory cannot be published");
  }

  private static void publisherTo(String path) {
    new ResultPublisher(new Configuration(), path, IfExists.FAIL, "a").close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
