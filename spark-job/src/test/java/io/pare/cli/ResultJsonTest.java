package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.io.publish.IfExists;
import io.pare.io.publish.ResultPublisher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --result-json} says of runs that fail; SubmittedJobIT has one that does not. */
class ResultJsonTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aWrongConfigurationIsToldWithItsExitCodeAndNothingLiesBeside() throws IOException {
    Path file = folder.resolve("result.json");
    Files.writeString(file, "of an earlier run");

    assertThat(run("compress", "--ridge", "7", "--result-json", file.toString())).isEqualTo(2);

    JsonNode result = new ObjectMapper().readTree(file.toFile());
    assertThat(result.path("status").asText()).isEqualTo("failed");
    assertThat(result.path("exitCode").asInt()).isEqualTo(2);
    assertThat("pare: error: " + result.path("error").asText() + "\n")
        .isEqualTo(err.toString(StandardCharsets.UTF_8))
        .contains("ridge = 7.0: must be above 0.0 and at most 1.0");
    assertThat(result.path("output").isNull()).isTrue();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aMissingNetworkIsTold() throws IOException {
    Path file = folder.resolve("deep/result.json");

    int code =
        run(
            "compress",
            "--model",
            folder + "/none.onnx",
            "--images",
            "i.parquet",
            "--output",
            folder + "/out",
            "--result-json",
            file.toUri().toString());

    assertThat(code).isEqualTo(3);
    JsonNode result = new ObjectMapper().readTree(file.toFile());
    assertThat(result.path("exitCode").asInt()).isEqualTo(3);
    assertThat(result.path("error").asText()).isEqualTo(folder + "/none.onnx does not exist");
  }

  @Test
  void aFileThatCannotBeWrittenEndsTheRunBeforeItStarts() {
    assertThat(run("compress", "--result-json", "nosuch://host/result.json")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("nosuch://host/result.json");
  }

  @Test
  void aFileInAResultIsNeitherWrittenNorRemoved() throws IOException {
    Path result = folder.resolve("out");
    try (ResultPublisher earlier =
        new ResultPublisher(new Configuration(), result.toString(), IfExists.FAIL, "earlier")) {
      earlier.prepare();
      earlier.publish(Map.of("manifest.json", new byte[] {1}));
    }
    String manifest = result.resolve("manifest.json").toString();

    assertThat(run("compress", "--result-json", manifest)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("lies in the result file:" + result);
    assertThat(result.resolve("manifest.json")).hasBinaryContent(new byte[] {1});
  }

  @Test
  void aFileInTheOutputIsRefusedAndTheOutputNotMade() {
    assertThat(
            run(
                "compress",
                "--model",
                folder + "/none.onnx",
                "--images",
                "i.parquet",
                "--output",
                folder + "/out",
                "--result-json",
                folder + "/out/result.json"))
        .isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("result.json lies in output = ");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private int run(String... arguments) {
    return Main.run(
        arguments,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
