package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.FaultMatrix;
import io.pare.testing.ForkedDriver;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that another version of the program finds: none is taken, and its own are. */
class OtherVersionFaultIT {
  private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();
  private static final int MISSED = 4;

  @TempDir private Path folder;

  @Test
  void anotherVersionTakesNothingOverAndTheSameVersionAllThatIsThere() throws Exception {
    Map<String, String> keys =
        new GoalJobs(folder).keys("plain", GoalJobs.plain(), "params=1.5,max-kl=0");
    keys.put("forms", "low-rank-channel");
    keys.put("rounds", "1");
    ForkedDriver first = ForkedDriver.start(folder.resolve("1.log"), "compress", keys);
    assertThat(first.end()).as(first.log()).isEqualTo(MISSED);
    assertThat(DriverKills.reused(first)).isEmpty();

    List<String> other = List.of("-cp", packed("9.9") + File.pathSeparator + classPath());
    ForkedDriver upgraded = ForkedDriver.start(folder.resolve("2.log"), other, "compress", keys);
    assertThat(upgraded.end()).as(upgraded.log()).isEqualTo(MISSED);
    assertThat(DriverKills.reused(upgraded)).as("made by another version").isEmpty();

    keys.put("target", "params=1.4");
    ForkedDriver again = ForkedDriver.start(folder.resolve("3.log"), "compress", keys);
    assertThat(again.end()).as(again.log()).isZero();
    int reused = DriverKills.reused(again).size();
    assertThat(reused).isPositive();
    FaultMatrix.held(
        "another version of the program goes on from the checkpoints",
        "the same classes in a jar of version 9.9",
        "the first version, afterwards, takes " + reused + " parts of its own over",
        "the other takes none over");
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  private Path packed(String version) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    Path jar = folder.resolve("other.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        Stream<Path> all = Files.walk(CLASSES)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        String name = CLASSES.relativize(each).toString();
        if (name.startsWith("io/pare/")) {
          out.putNextEntry(new JarEntry(name));
          Files.copy(each, out);
        }
      }
    }
    return jar;
  }
}
