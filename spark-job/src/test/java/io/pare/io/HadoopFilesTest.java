package io.pare.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.testing.BadInputs;
import io.pare.testing.MountedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HadoopFilesTest {
  @TempDir private Path folder;
  private HadoopFiles files;
  private HadoopExternalData external;

  @BeforeEach
  void writeFiles() throws IOException {
    Files.writeString(folder.resolve("weights.bin"), "0123456789");
    Files.createDirectory(folder.resolve("parts"));
    Files.writeString(folder.resolve("parts/a.bin"), "abc");
    files = new HadoopFiles(new Configuration());
    external = new HadoopExternalData(new Configuration(), folder.resolve("model.onnx").toString());
  }

  @Test
  void aFileIsReadUpToTheLimit() {
    String path = folder.resolve("weights.bin").toString();

    assertThat(files.readAll(path, 10)).asString().isEqualTo("0123456789");
    assertThatThrownBy(() -> files.readAll(path, 9))
        .isInstanceOf(InputException.class)
        .hasMessage(path + " has 10 bytes; the limit is 9");
  }

  @Test
  void aMissingFileAndADirectoryAreErrorsOfTheUser() {
    String missing = folder.resolve("missing").toString();

    assertThatThrownBy(() -> files.readAll(missing, 9))
        .isInstanceOf(InputException.class)
        .hasMessage(missing + " does not exist");
    assertThatThrownBy(() -> files.readAll(folder.toString(), 9))
        .isInstanceOf(InputException.class)
        .hasMessage(folder + " is a directory: name a file in it");
    assertThat(files.exists(missing)).isFalse();
  }

  @Test
  void anUnknownFileSystemIsAnErrorOfTheUser() {
    assertThatThrownBy(() -> files.readAll("nosuch://host/file", 9))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is known here");
  }

  @Test
  void aServerThatWantsALoginIsAnErrorOfTheUser() {
    IOException wrapped =
        new IOException(
            "Failed on local exception",
            new IOException(new AccessControlException("Client cannot authenticate")));

    assertThatThrownBy(
            () ->
                HadoopFiles.attempt(
                    "hdfs://secure/out",
                    () -> {
                      throw wrapped;
                    }))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "hdfs://secure/out may not be accessed: Client cannot authenticate: give --principal"
                + " and --keytab, or take a ticket (kinit)");
  }

  @Test
  void aTextThatIsNoPathIsAnErrorOfTheUser() {
    assertThatThrownBy(() -> files.exists("hdfs:"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("\"hdfs:\" is not a Hadoop path");
  }

  @Test
  void aPartOfAFileBesideTheNetworkIsRead() {
    assertThat(text(external.readRange("weights.bin", 2, 3))).isEqualTo("234");
    assertThat(text(external.readRange("parts/a.bin", 0, 3))).isEqualTo("abc");
    assertThat(text(external.readRange("weights.bin", 7, HadoopExternalData.TO_THE_END)))
        .isEqualTo("789");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "/etc/passwd",
        "parts/../../x",
        "a//b",
        "",
        ".",
        "file:/etc/passwd",
        "a\\b"
      })
  void aNameThatCouldLeaveTheFolderIsRefused(String name) {
    assertThatThrownBy(() -> external.readRange(name, 0, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not a plain relative path inside the network's folder");
  }

  @Test
  void aSymbolicLinkIsRefusedAlsoOnTheWay() throws IOException {
    Files.createSymbolicLink(folder.resolve("link.bin"), folder.resolve("weights.bin"));
    Files.createSymbolicLink(folder.resolve("linked"), folder.resolve("parts"));

    assertThatThrownBy(() -> external.readRange("link.bin", 0, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a symbolic link");
    assertThatThrownBy(() -> external.readRange("linked/a.bin", 0, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a symbolic link");
  }

  @Test
  void aPartBeyondTheEndIsRefused() {
    assertThatThrownBy(() -> external.readRange("weights.bin", 8, 3))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has 10 bytes, the network asks for 3 from byte 8");
    assertThatThrownBy(() -> external.readRange("weights.bin", Long.MAX_VALUE, 3))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has 10 bytes");
    assertThatThrownBy(() -> external.readRange("missing.bin", 0, 3))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("missing.bin does not exist");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void aFileThatIsWrittenReplacesTheOldOneAndLeavesNothingBeside() throws IOException {
    Path file = folder.resolve("parts/a.bin");

    files.write(file.toString(), "new".getBytes(StandardCharsets.UTF_8));

    assertThat(file).hasContent("new");
    try (Stream<Path> all = Files.list(folder.resolve("parts"))) {
      assertThat(all).containsExactly(file);
    }
    String parts = folder.resolve("parts").toString();
    assertThatThrownBy(() -> files.write(parts, new byte[1]))
        .isInstanceOf(InputException.class)
        .hasMessage(parts + " is a directory: name a file in it");
  }

  @Test
  void aFileThatCannotBeWrittenIsKnownBeforeItIs() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    MountedDisk.during(
        disk,
        "ro",
        () -> {
          assertUnwritable("a read-only disk", disk.resolve("x.json"), "Read-only file system");
          assertUnwritable("a read-only disk", disk.resolve("a/x.json"), "Read-only file system");
        });
    Path file = folder.resolve("weights.bin");
    assertUnwritable("below a file", file.resolve("x.json"), "Not a directory");
    assertUnwritable("a directory", folder.resolve("parts"), "is a directory: name a file in it");

    files.requireWritable("--result-json", folder.resolve("new/x.json").toString());
    assertThat(folder.resolve("new")).doesNotExist();
  }

  private void assertUnwritable(String bad, Path place, String message) {
    assertThatThrownBy(() -> files.requireWritable("--result-json", place.toString()))
        .isInstanceOfSatisfying(
            InputException.class,
            e -> {
              assertThat(e.kind().exitCode()).isEqualTo(2);
              BadInputs.refused(
                  "--result-json", bad, e.getMessage().replace(folder.toString(), ""), "2");
            })
        .hasMessageStartingWith("--result-json = file:" + place)
        .hasMessageContaining(message);
  }
}
