package io.pare.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
  static void needsSpark() throws Exception {
    SparkSubmit.requireSpark();
  }

  @Test
  void compressPublishesAndInspectReadsTheResult() throws Exception {
    Path output = folder.resolve("half");
    Path told = folder.resolve("result.json");
    List<String> compress = new ArrayList<>(Sample.quickest(output.toUri().toString()));
    compress.addAll(List.of("--result-json", told.toString()));

    SparkSubmit.Outcome compressed = submit(compress);

    assertThat(compressed.exitCode()).as(compressed.err()).isZero();
    assertThat(compressed.out()).contains("top-1 %").contains("published ");
    assertThat(output).isDirectoryContaining("glob:**/_SUCCESS");
    JsonNode result = new ObjectMapper().readTree(told.toFile());
    assertThat(result.path("status").asText()).isEqualTo("done");
    assertThat(result.path("output").asText()).isEqualTo("file:" + output);
    assertThat(Files.readString(output.resolve("SHA256SUMS")))
        .contains(result.path("sha256").path("model.onnx").asText() + "  model.onnx")
        .contains(result.path("sha256").path("manifest.json").asText() + "  manifest.json");
    assertThat(result.path("before").path("top1Rate").asDouble()).isEqualTo(Sample.TOP1);
    assertThat(result.path("after").path("weights").asLong()).isBetween(1L, 213_680L);
    assertThat(result.path("after").path("agreement").isNumber()).isTrue();

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
    return SparkSubmit.run("pare-local", arguments, Map.of());
  }
}
