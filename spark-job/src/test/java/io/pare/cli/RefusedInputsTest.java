package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.BadInputs;
import io.pare.testing.BadModel;
import io.pare.testing.BadModels;
import io.pare.testing.OddModels;
import io.pare.testing.Sample;
import io.pare.testing.UnusableModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a compression refuses before it starts Spark: one line, a code, and nothing written. */
class RefusedInputsTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  static Stream<BadModel> badModels() {
    return BadModels.all().stream();
  }

  @ParameterizedTest
  @MethodSource("badModels")
  void anInvalidNetworkEndsWithThreeAndSaysWhatIsWrong(BadModel bad) throws IOException {
    Path model = Files.write(folder.resolve("bad.onnx"), bad.bytes());

    assertThat(compress(Map.of("model", model.toString()))).isEqualTo(3);
    // Beside a real file its external data are looked for; none are there.
    boolean external = bad.message().startsWith("external data are not");
    assertThat(line()).contains(external ? "weights.bin does not exist" : bad.message());
    assertNothingWritten();
    record("ONNX", bad.name(), 3);
    assertInspectSaysTheSame(model);
  }

  static Stream<BadModel> unusable() {
    return UnusableModels.all().stream();
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void aNetworkThatCannotBeRunOrJudgedEndsWithThreeAndSaysWhy(BadModel bad) throws IOException {
    Path model = Files.write(folder.resolve("bad.onnx"), bad.bytes());

    assertThat(compress(Map.of("model", model.toString()))).isEqualTo(3);

    assertThat(line()).contains(bad.message());
    assertNothingWritten();
    record("ONNX", bad.name(), 3);
    assertInspectSaysTheSame(model);
  }

  @Test
  void aNetworkWithoutEndEndsWithThreeWithinItsTime() throws IOException {
    Path model = Files.write(folder.resolve("endless.onnx"), OddModels.endlessLoop().bytes());

    assertThat(compress(Map.of("model", model.toString(), "trial-seconds", "4"))).isEqualTo(3);

    assertThat(line()).contains("ONNX Runtime did not end within trial-seconds = 4");
    assertNothingWritten();
    record("ONNX", "Loop without end", 3);
    assertInspectSaysTheSame(model, "--trial-seconds", "4");
  }

  /** What will be refused is so from the first look at it. */
  private void assertInspectSaysTheSame(Path model, String... options) {
    String line = line();
    err.reset();
    List<String> arguments = new ArrayList<>(List.of("inspect", model.toString()));
    arguments.addAll(List.of(options));
    assertThat(run(arguments)).isEqualTo(3);
    assertThat(line()).isEqualTo(line);
  }

  @Test
  void aMissingNetworkEndsWithThree() {
    assertThat(compress(Map.of("model", folder.resolve("none.onnx").toString()))).isEqualTo(3);
    assertThat(line()).isEqualTo("pare: error: " + folder + "/none.onnx does not exist");
    assertNothingWritten();
    record("ONNX", "no file", 3);
  }

  @Test
  void anUnknownPreprocessingEndsWithTwo() {
    assertThat(compress(Map.of("preprocessing", "torchvison"))).isEqualTo(2);
    assertThat(line()).contains("preprocessing \"torchvison\"").contains("torchvision");
    assertNothingWritten();
    record("preprocessing", "unknown name", 2);
  }

  @Test
  void aPreprocessingToAnotherSizeThanTheNetworksEndsWithTwo() {
    assertThat(compress(Map.of("preprocessing", "torchvision,crop=centre:27x28"))).isEqualTo(2);
    assertThat(line()).contains("27").contains("28");
    assertNothingWritten();
    record("preprocessing", "another size than the network's", 2);
  }

  private int compress(Map<String, String> changes) {
    Map<String, String> keys = Sample.compression(output().toString());
    keys.putAll(changes);
    List<String> arguments = new ArrayList<>(List.of("compress"));
    keys.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
    return run(arguments);
  }

  private int run(List<String> arguments) {
    return Main.run(
        arguments.toArray(String[]::new),
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private Path output() {
    return folder.resolve("results/half");
  }

  /** The only line of standard error, which has the frame of every error. */
  private String line() {
    List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).startsWith("pare: error: ");
    return lines.get(0);
  }

  private void record(String input, String bad, int exitCode) {
    String message = line().substring("pare: error: ".length()).replace(folder.toString(), "");
    BadInputs.refused(input, bad, message, Integer.toString(exitCode));
  }

  private void assertNothingWritten() {
    assertThat(output().getParent()).doesNotExist();
  }
}
