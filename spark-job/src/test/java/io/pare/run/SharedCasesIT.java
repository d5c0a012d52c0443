package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.BadInputs;
import io.pare.testing.CommandRun;
import io.pare.testing.Networks;
import io.pare.testing.Sample;
import io.pare.testing.SharedMaterial;
import io.pare.testing.SparkTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;
import scala.Tuple2;

/** Small inputs that failed once, as files of others; skipped where they are not there. */
class SharedCasesIT {
  private static final List<String> SET = new ArrayList<>();
  private static final Duration LONGEST = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final CommandRun command = new CommandRun();

  /** As spark-submit hands its configuration to the driver. */
  @BeforeAll
  static void configureSpark() {
    for (Tuple2<String, String> entry : SparkTest.conf("local[2]", "cases").getAll()) {
      System.setProperty(entry._1(), entry._2());
      SET.add(entry._1());
    }
  }

  @AfterAll
  static void forget() {
    SET.forEach(System::clearProperty);
  }

  @ParameterizedTest
  @CsvSource({
    "loop_forever.onnx, inspect",
    "loop_forever.onnx, compress",
    "loop_2e63.onnx, inspect",
    "loop_2e63.onnx, compress"
  })
  void aNetworkWithoutEndIsOneErrorWithinAStatedTime(String file, String name) {
    String model = SharedMaterial.require("cases/" + file).toString();
    Map<String, String> keys = name.equals("compress") ? quick() : new LinkedHashMap<>();
    keys.putAll(Map.of("model", model, "trial-seconds", "4"));
    long begin = System.nanoTime();

    assertThat(command.run(name, keys)).isEqualTo(3);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST);
    assertThat(command.line()).contains(file, "did not end within trial-seconds = 4");
    assertThat(folder).isEmptyDirectory();
    record(file + ", " + name);
  }

  @ParameterizedTest
  @CsvSource({"div0.onnx, layer fc reads", "huge.onnx, layer c1 writes"})
  void anOutputThatIsNotFiniteIsOneErrorWithItsLayer(String file, String layer) {
    Map<String, String> keys = quick();
    keys.put("model", SharedMaterial.require("cases/" + file).toString());

    assertThat(command.run("compress", keys)).isEqualTo(3);

    assertThat(command.line()).contains("is not finite for 60 of 60 images").contains(layer);
    assertThat(folder).isEmptyDirectory();
    record(file);
  }

  @ParameterizedTest
  @CsvSource({"16x16", "8x8", "3x224"})
  void anInputSizeThatLeavesAWindowNothingIsOneErrorWithLayerAndSize(String size) {
    String model = SharedMaterial.require("models/squeezenet1.1.onnx").toString();

    assertThat(command.run("inspect", Map.of("model", model, "input-size", size))).isEqualTo(3);

    assertThat(command.line())
        .contains("its window of 3 x 3 leaves no ")
        .contains("for images of " + size.replace("x", " x "));
    record("squeezenet1.1.onnx at " + size);
  }

  @Test
  void aSmallDetectorIsCompressedAndRuns() throws Exception {
    Path script = SharedMaterial.require("cases/split_silu.py");
    Path model = folder.resolve("detector.onnx");
    Process python =
        new ProcessBuilder("python3", script.toString(), model.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!python.waitFor(1, TimeUnit.MINUTES) || python.exitValue() != 0) {
      throw new TestAbortedException("needs a python3 with onnx and numpy to make the network");
    }
    Map<String, String> keys = quick();
    keys.putAll(Map.of("model", model.toString(), "target", "params=1.3"));
    keys.put("preprocessing", "raw,resize=exact:64x64,scale=1/255");

    assertThat(command.run("compress", keys)).as(command.errors()).isZero();

    Path output = folder.resolve("half");
    Networks.run(
        ModelReader.read(
            "detector", Files.readAllBytes(output.resolve("model.onnx")), ExternalData.none()),
        2);
    JsonNode report = new ObjectMapper().readTree(output.resolve("report.json").toFile());
    assertThat(report.at("/layers").findValuesAsText("reason"))
        .as("nothing is kept because it is not understood")
        .allMatch(reason -> !reason.contains("unsupported"));
    assertThat(report.at("/layers").findValuesAsText("activation")).contains("silu");
    assertThat(report.at("/after/accuracy/outputs")).hasSize(2);
  }

  private Map<String, String> quick() {
    Map<String, String> keys =
        new LinkedHashMap<>(Sample.compression(folder.resolve("half").toUri().toString()));
    keys.remove("validation");
    keys.put("preprocessing", "raw,resize=exact:16x16");
    keys.put("calibration-images", "60");
    keys.put("samples-per-column", "1");
    keys.put("sensitivity-images", "12");
    keys.put("forms", "low-rank-channel");
    return keys;
  }

  private void record(String bad) {
    BadInputs.refused(
        "shared case",
        bad,
        command
            .line()
            .substring("pare: error: ".length())
            .replaceAll("(file:)?/\\S*/(?=[^/\\s]+\\.(onnx|parquet))", ""),
        "3");
  }
}
