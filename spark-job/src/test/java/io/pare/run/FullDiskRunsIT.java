package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.FaultMatrix;
import io.pare.testing.ForkedDriver;
import io.pare.testing.MountedDisk;
import io.pare.testing.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose disk is full, each in a process of its own: one last line that says which disk. */
class FullDiskRunsIT {
  private static final String NO_ROOM = "size=300k";
  private static final String REASON = "No space left on device; free some, or ";

  @TempDir private Path folder;
  private Path disk;
  private Path output;

  @BeforeEach
  void makeAPlaceForTheDisk() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    output = folder.resolve("out");
  }

  @Test
  void theDiskOfOutputAndCheckpoints() throws Exception {
    output = disk.resolve("out");
    MountedDisk.during(
        disk,
        NO_ROOM,
        () -> {
          String log = run(List.of());

          assertThat(log).contains("is left out, the run goes on: no space is left for ");
          assertThat(last(log))
              .startsWith(
                  "pare: error: no space is left for file:%s on the disk %s (tmpfs) ("
                      .formatted(output, disk))
              .contains(": " + REASON + "name another place; finished parts are kept in ");
          assertThat(output).doesNotExist();
          assertThat(disk.resolve(".out.work/checkpoints").toFile().list())
              .allMatch(name -> name.endsWith(".checkpoint"));
        });
    held("of output and checkpoints", "checkpoints without room are left out, none is partial");
  }

  @Test
  void theDiskThatSparkPutsSamplesOn() throws Exception {
    MountedDisk.during(
        disk,
        NO_ROOM,
        () -> {
          String log = run(List.of("-Dspark.local.dir=" + disk));

          assertThat(last(log))
              .startsWith(
                  "pare: error: no space is left on a local disk of this machine (" + disk + ", ")
              .endsWith(": " + REASON + "set spark.local.dir to a larger disk");
        });
    assertThat(output).doesNotExist();
    held("of Spark's local folders", "nothing published");
  }

  @Test
  void theDiskThatOnnxRuntimeIsUnpackedOn() throws Exception {
    MountedDisk.during(
        disk,
        NO_ROOM,
        () -> {
          String log = run(List.of("-Djava.io.tmpdir=" + disk));

          assertThat(last(log))
              .startsWith(
                  "pare: error: no space is left for %s on the disk %s (tmpfs) ("
                      .formatted(disk, disk))
              .endsWith(": " + REASON + "name another place");
        });
    assertThat(output).doesNotExist();
    held("of temporary files", "the network is not blamed");
  }

  /** Runs the sample; gives what it says, in which there is no stack trace of the job's own. */
  private String run(List<String> options) throws Exception {
    Map<String, String> keys = new LinkedHashMap<>(Sample.compression(output.toUri().toString()));
    keys.remove("validation");
    keys.put("calibration-images", "60");
    keys.put("samples-per-column", "1");
    ForkedDriver driver =
        ForkedDriver.start(folder.resolve("driver.log"), options, "compress", keys);
    assertThat(driver.end()).as(driver.log()).isEqualTo(Failure.INTERNAL);
    assertThat(driver.log().lines().filter(line -> line.startsWith("pare: error: "))).hasSize(1);
    assertThat(driver.log()).doesNotContain("at io.pare.cli.Main");
    return driver.log();
  }

  private static String last(String log) {
    return log.lines().reduce("", (before, line) -> line);
  }

  private static void held(String which, String more) {
    FaultMatrix.held(
        "local disk full: that " + which,
        "a tmpfs of 300 kB, the sample's job in a process of its own",
        "exit code 1, and the reason \"No space left on device\"",
        "one last line, which names the disk, and no stack trace of the job; " + more);
  }
}
