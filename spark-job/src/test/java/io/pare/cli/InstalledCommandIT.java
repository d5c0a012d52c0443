package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.Sample;
import io.pare.testing.SparkSubmit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wheel of a release in an environment of its own, with a Spark that is there. */
class InstalledCommandIT {
  private static final String VERSION = "9.8.7";

  @TempDir private static Path folder;

  private static Path release;
  private static Path spark;

  @BeforeAll
  static void install() throws Exception {
    spark = SparkSubmit.requireSpark();
    release = folder.resolve("release");
    make(release);
    run(List.of("python3", "-m", "venv", folder.resolve("environment").toString()));
    run(
        List.of(
            installed("pip"), "install", "--quiet", "--no-index", "--no-deps", wheel().toString()));
  }

  private static void make(Path output) throws Exception {
    String jar = packed().toString();
    Path script = SparkSubmit.repository().resolve("release/make_release.py");
    List<String> command = new ArrayList<>(List.of("python3", script.toString()));
    command.addAll(List.of("--version", VERSION, "--spark", sparkVersion()));
    command.addAll(List.of("--jar", jar, "--prep-jar", jar, "--output", output.toString()));
    run(command);
  }

  @Test
  void theCommandTellsItsVersionsInspectsAndCompresses() throws Exception {
    assertThat(run(List.of(installed("pare"), "--version")))
        .containsPattern("(?m)^pare \\S+, commit ")
        .contains("Spark " + sparkVersion(), "ONNX Runtime ", "BLAS ");
    assertThat(run(List.of(installed("pare"), "inspect", Sample.path("model.onnx").toString())))
        .contains("one image is 3 x 28 x 28");
    List<String> compress = new ArrayList<>(List.of(installed("pare")));
    Path output = folder.resolve("half");
    compress.addAll(Sample.quickest(output.toUri().toString()));
    assertThat(run(compress)).contains("published ");
    assertThat(output.resolve("report.html")).exists();
  }

  @Test
  void theWheelAsksForTheSparkOfTheBuildAndNothingElse() throws Exception {
    String metadata =
        Files.readString(
            onlyFile(folder.resolve("environment/lib"), "glob:**/pare-*.dist-info/METADATA"));

    assertThat(metadata.lines().filter(line -> line.startsWith("Requires-Dist")))
        .containsExactly("Requires-Dist: pyspark==" + sparkVersion());
    assertThat(Files.readString(SparkSubmit.repository().resolve("submit-scripts/find-spark.sh")))
        .contains("spark_version=" + sparkVersion() + "\n");
  }

  @Test
  void theChecksumsAreThoseOfAllFilesAndTheSameJarsGiveTheSameBytes() throws Exception {
    run(List.of("bash", "-c", "cd '" + release + "' && sha256sum --check --quiet SHA256SUMS"));
    assertThat(Files.readString(release.resolve("SHA256SUMS")))
        .contains("-all.jar\n", ".whl\n", "  image/Dockerfile\n", "  image/pare/pare.jar\n");

    make(folder.resolve("again"));

    assertThat(folder.resolve("again/SHA256SUMS"))
        .hasSameTextualContentAs(release.resolve("SHA256SUMS"));
  }

  @Test
  void theImageTakesWhatLiesBesideItsRecipe() throws Exception {
    List<String> sources =
        Files.readAllLines(release.resolve("image/Dockerfile")).stream()
            .filter(line -> line.startsWith("COPY "))
            .map(line -> line.split(" ", -1)[1])
            .toList();

    assertThat(sources).containsExactly("pare");
    assertThat(release.resolve("image/pare/pare.jar")).isRegularFile();
    assertThat(release.resolve("image/pare/log4j2.properties")).isRegularFile();
    assertThat(release.resolve("image/pare/submit-scripts/pare")).isExecutable();
  }

  private static String sparkVersion() throws IOException {
    String build = Files.readString(SparkSubmit.repository().resolve("pom.xml"));
    Matcher version = Pattern.compile("<spark.version>(.+)</spark.version>").matcher(build);
    assertThat(version.find()).isTrue();
    return version.group(1);
  }

  private static Path packed() throws IOException {
    return onlyFile(Path.of("target").toAbsolutePath(), "glob:**/spark-job-*-all.jar");
  }

  private static Path wheel() throws IOException {
    return onlyFile(release, "glob:**/pare-*.whl");
  }

  private static Path onlyFile(Path folder, String pattern) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return Collections.max(
          files.filter(folder.getFileSystem().getPathMatcher(pattern)::matches).toList());
    }
  }

  private static String installed(String command) {
    return folder.resolve("environment/bin/" + command).toString();
  }

  private static String run(List<String> command) throws Exception {
    Path said = Files.createTempFile(folder, "said", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().keySet().removeAll(List.of("PARE_CONF", "PARE_JAR", "PYTHONPATH"));
    builder.environment().putAll(Map.of("SPARK_HOME", spark.toString()));
    Process process = builder.start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).as(command.toString()).isTrue();
    String text = Files.readString(said);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
