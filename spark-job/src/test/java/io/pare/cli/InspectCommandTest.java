package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.config.FixedInputs;
import io.pare.config.JobConfig;
import io.pare.model.output.OutputRules;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

class InspectCommandTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void everyLayerIsListedWithItsSizesAndTheTotals() throws IOException {
    byte[] model = Files.readAllBytes(Path.of("..", "data-prep", "sample", "model.onnx"));

    assertThat(inspect(model)).isZero();
    List<String> lines = text(out).lines().toList();
    assertThat(lines.get(0)).endsWith("model.onnx: one image is 3 x 28 x 28");
    assertThat(lines.get(1))
        .matches("#  layer +operator +shape +groups +weights +MACs +activation.*");
    assertThat(lines.get(2)).matches("0  .*Conv +32 x 3 x 3 x 3 +1 +864 +677,376  relu");
    assertThat(lines).anySatisfy(line -> assertThat(line).matches("7  .*Gemm .* 2,560 +2,560 .*"));
    assertThat(lines.get(lines.size() - 1)).startsWith("all: 8 layers, 427,360 weights, ");
  }

  @Test
  void aNameThatWouldForgeALineStaysOnOne() throws IOException {
    byte[] model =
        ModelBuilder.seeded(1)
            .input("x", 1, 3, 8, 8)
            .conv("evil\nname\u001b[2J", "x", 4, 3, 3)
            .output("evil\nname\u001b[2J", 1, 4, 8, 8)
            .bytes();

    assertThat(inspect(model)).isZero();
    assertThat(text(out)).contains("evil\\u000aname\\u001b[2J");
    assertThat(text(out).lines()).hasSize(6);
  }

  @Test
  void anInvalidNetworkEndsWithThreeInOneLine() throws IOException {
    assertThat(inspect(new byte[] {1, 2, 3})).isEqualTo(3);
    assertThat(text(err)).startsWith("pare: error: ").contains("model.onnx");
    assertThat(text(err).lines()).hasSize(1);
  }

  @Test
  void aMissingNetworkEndsWithThree() {
    assertThat(run(folder.resolve("none.onnx"))).isEqualTo(3);
    assertThat(text(err)).isEqualTo("pare: error: " + folder + "/none.onnx does not exist\n");
  }

  @Test
  void onATerminalTheHeaderIsBoldAndNothingElseChanges() {
    JobConfig.Network network =
        new JobConfig.Network(
            Sample.path("model.onnx").toString(),
            "",
            Optional.empty(),
            FixedInputs.NONE,
            OutputRules.NONE,
            Duration.ofMinutes(1));

    new Inspection(network, Paint.of(Ansi.ON)).print(stream(out));
    String coloured = text(out);
    out.reset();
    new Inspection(network, Paint.of(Ansi.OFF)).print(stream(out));
    assertThat(coloured).contains("\u001b[1m#  layer").isNotEqualTo(text(out));
    assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(text(out));
  }

  private int inspect(byte[] model) throws IOException {
    return run(Files.write(folder.resolve("model.onnx"), model));
  }

  private int run(Path model) {
    return Main.run(
        new String[] {"inspect", "--model", model.toString()}, stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
