package io.pare.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pare.testing.Sample;
import io.pare.testing.SparkSubmit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed jar under a real spark-submit, where there is a Spark that need not be installed. */
class SubmittedJobIT {
  @TempDir private Path folder;

  @BeforeAll
  static void needsSpark() {
    String path = System.getenv().getOrDefault("PATH", "");
    boolean found =
        System.getenv("SPARK_HOME") != null
            || Files.isDirectory(SparkSubmit.repository().resolve(".venv"))
            || List.of(path.split(":", -1)).stream()
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, "spark-submit")));
    assumeThat(found).as("SPARK_HOME, or spark-submit on the PATH").isTrue();
  }

  @Test
  void compressPublishesAndInspectReadsTheResult() throws Exception {
    Path output = folder.resolve("half");
    Map<String, String> keys = Sample.compression(output.toUri().toString());
    keys.put("calibration-images", "60");
    keys.put("samples-per-column", "1");
    List<String> compress = new ArrayList<>(List.of("compress"));
    keys.forEach((key, value) -> compress.addAll(List.of("--" + key, value)));

    SparkSubmit.Outcome compressed = submit(compress);

    assertThat(compressed.exitCode()).as(compressed.err()).isZero();
    assertThat(compressed.out()).contains("top-1 %").contains("published ");
    assertThat(output).isDirectoryContaining("glob:**/_SUCCESS");

    SparkSubmit.Outcome inspected =
        submit(List.of("inspect", "--model", output.resolve("model.onnx").toString()));

    assertThat(inspected.exitCode()).as(inspected.err()).isZero();
    assertThat(inspected.out()).contains("one image is 3 x 28 x 28").contains("all: ");
  }

  private static SparkSubmit.Outcome submit(List<String> job) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("--master", "local[2]", "--driver-memory", "2g", "--conf"));
    arguments.addAll(List.of("spark.ui.enabled=false", "--"));
    arguments.addAll(job);
    return SparkSubmit.run("pare-submit", arguments, Map.of());
  }
}
