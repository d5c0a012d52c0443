package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.report.Manifest;
import io.pare.report.RunReport;
import io.pare.report.SampleReports;
import io.pare.report.json.Json;
import io.pare.testing.SparkSubmit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackRunsTest {
  @TempDir private Path folder;

  @Test
  void aResultBecomesALineOfParametersMetricsAndFiles() throws Exception {
    RunReport report = SampleReports.full();
    Path output = result(report);

    SparkSubmit.Outcome outcome = track(output);

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines()).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(outcome.out());
    assertThat(line.at("/run").asText()).isEqualTo("run-1");
    assertThat(line.at("/parameters/target").asText()).isEqualTo("params=1.5");
    assertThat(line.at("/parameters").has("layers")).as("what is not set").isFalse();
    assertThat(line.at("/metrics/after.weights").asLong()).isEqualTo(report.after().weights());
    assertThat(line.at("/metrics/before.top1Rate").asDouble())
        .isEqualTo(report.before().accuracy().orElseThrow().top1Rate());
    assertThat(line.at("/metrics/seconds.solve").asDouble()).isEqualTo(140.5);
    assertThat(line.at("/artifacts/model.onnx").asText())
        .isEqualTo(output.toRealPath().resolve("model.onnx").toString());
  }

  @Test
  void whatIsNoResultIsNamed() throws Exception {
    SparkSubmit.Outcome outcome = track(folder);

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains(folder + " holds no result of Pare");
  }

  private static SparkSubmit.Outcome track(Path output) throws Exception {
    return SparkSubmit.run("track-runs", List.of(output.toString()), Map.of());
  }

  private Path result(RunReport report) throws IOException {
    Path output = Files.createDirectories(folder.resolve("out"));
    Files.writeString(output.resolve("report.json"), report.json());
    Manifest manifest =
        new Manifest(
            "run-1",
            "1.0",
            Map.of(),
            "0".repeat(64),
            Optional.empty(),
            Map.of("model.onnx", "1".repeat(64)),
            Map.of("model.onnx", 3L),
            Map.of("target", "params=1.5", "layers", ""));
    Files.writeString(output.resolve("manifest.json"), Json.write(manifest));
    Files.writeString(output.resolve("_SUCCESS"), "run = run-1\n");
    return output;
  }
}
