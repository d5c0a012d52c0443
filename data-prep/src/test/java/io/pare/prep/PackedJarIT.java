package io.pare.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed jar, with Spark's jars alone beside it: it carries what it needs of the job. */
class PackedJarIT {
  /** One red pixel. */
  private static final byte[] PNG =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==");

  @TempDir private Path folder;

  @Test
  void packs() throws Exception {
    Files.write(Files.createDirectories(folder.resolve("in/cat")).resolve("1.png"), PNG);
    Path log = folder.resolve("log");
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens="))
        .forEach(line::add);
    line.addAll(List.of("-Dspark.master=local[1]", "-Dspark.ui.enabled=false", "-cp"));
    line.addAll(List.of(packed() + File.pathSeparator + jarsOfOthers(), Main.class.getName()));
    line.addAll(List.of("pack", folder + "/in", "--output", folder + "/out"));

    int code =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();

    assertThat(code).as(Files.readString(log)).isZero();
    assertThat(log).content().contains("packed 1 images of 1 classes");
    assertThat(folder.resolve("out/_SUCCESS")).exists();
  }

  /** The class path of the tests less this project's own classes. */
  private static String jarsOfOthers() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> path.endsWith(".jar") && !path.contains("spark-job"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path packed() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-all.jar"))
          .findFirst()
          .orElseThrow()
          .toAbsolutePath();
    }
  }
}
