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
        .matches("#  layer +operator +shape +groups +weights +MACs +activation +becomes.*");
    assertThat(lines.get(2)).matches("0  .*Conv +32 x 3 x 3 x 3 +1 +864 +677,376  relu +a");
    assertThat(lines).anySatisfy(line -> assertThat(line).matches("7  .*Gemm .* 2,560 +2,560 .*"));
    assertThat(lines.get(lines.size() - 1)).startsWith("all: 8 layers, 427,360 weights, ");
  }

  @Test
  void ofEveryLayerIsSaidWhatItCanBecomeAndWhyNotMore() throws IOException {
    byte[] model =
        ModelBuilder.seeded(1)
            .input("x", -1, 3, 8, 8)
            .conv("square", "x", 8, 3, 3)
            .conv("pointwise", "square", 8, 8, 1)
            .conv("again", "pointwise", 8, 8, 3)
            .conv("grouped", "again", 8, 4, 1, ModelBuilder.number("group", 2))
            .conv("depthwise", "grouped", 8, 1, 1, ModelBuilder.number("group", 8))
            .output("depthwise", -1, 8, 4, 4)
            .bytes();

    assertThat(inspect(model)).isZero();
    List<String> lines = text(out).lines().toList();
    assertThat(lines.subList(2, 6))
        .extracting(line -> line.substring(line.length() - 1))
        .containsExactly("a", "b", "a", "c");
    assertThat(lines.get(6)).contains("kept: depthwise");
    assertThat(lines)
        .contains(
            "becomes a: low-rank-channel, low-rank-spatial, tucker, chain, kept-inputs,"
                + " spatial-kept-inputs, admm-kept-inputs, admm-kept-filters;"
                + " not channel-kept-inputs: its kernel has more than one position",
            "becomes b: low-rank-channel, kept-inputs, channel-kept-inputs, admm-kept-inputs,"
                + " admm-kept-filters; not low-rank-spatial, chain, spatial-kept-inputs: its kernel"
                + " has a single row or column; not tucker: its kernel has a single position")
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("becomes c: ")
                    .contains(
                        "not spatial-kept-inputs, channel-kept-inputs: it has several groups"));
  }

  @Test
  void aFullyConnectedLayerThatMayLackSamplesIsToldSo() throws IOException {
    byte[] model =
        ModelBuilder.seeded(1)
            .input("x", -1, 3, 32, 32)
            .flatten("flat", "x")
            .gemm("wide", "flat", 16, 3072)
            .output("wide", -1, 16)
            .bytes();

    assertThat(inspect(model)).isZero();
    assertThat(text(out)).contains("with fewer samples than inputs low-rank-channel alone");
  }

  @Test
  void manyNetworksAreOneTableWithTheOnesThatCannotBeRead() throws IOException {
    ModelBuilder detector =
        ModelBuilder.seeded(2)
            .input("x", -1, 3, 8, 8)
            .conv("plain", "x", 8, 3, 3)
            .relu("r", "plain")
            .conv("depthwise", "r", 8, 1, 3, ModelBuilder.number("group", 8));
    Files.write(folder.resolve("b.onnx"), detector.output("depthwise", -1, 8, 4, 4).bytes());
    Files.write(folder.resolve("c.onnx"), new byte[] {1, 2, 3});
    Files.copy(Sample.path("model.onnx"), folder.resolve("a.onnx"));

    assertThat(inspectZoo(folder + "/*.onnx")).isEqualTo(5);
    List<String> lines = text(out).lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0))
        .matches("network  layers  compressible  weights  of them %  activations  fitted  remarks");
    assertThat(lines.get(1)).matches("a +8 +8 +427,360 +100.0 +7 +7");
    assertThat(lines.get(2))
        .matches("b +2 +1 +288 +75.0 +1 +1  1 kept: depthwise: one input channel a group");
    assertThat(lines.get(3)).startsWith("c ").contains("c.onnx");
    assertThat(text(err)).isEqualTo("pare: error: 1 of 3 models cannot be inspected\n");
  }

  @Test
  void aListSaysOfEachNetworkHowItIsFed() throws IOException {
    ModelBuilder model = ModelBuilder.seeded(3).input("x", -1, 3, -1, -1).conv("c", "x", 8, 3, 3);
    Files.write(folder.resolve("any.onnx"), model.output("c", -1, 8, -1, -1).bytes());
    Path list = folder.resolve("zoo.yaml");
    Files.writeString(list, "models:\n  - model: any.onnx\n    input-size: 16x16\n");

    assertThat(inspectZoo(list.toString())).isZero();
    assertThat(text(out).lines()).hasSize(2);
  }

  @Test
  void aNetworkBesideAZooIsRefused() {
    int code =
        Main.run(new String[] {"inspect", "a.onnx", "--zoo", "*.onnx"}, stream(out), stream(err));
    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains("exclude each other");
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
    assertThat(text(out).lines()).hasSize(7);
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

  private int inspectZoo(String zoo) {
    return Main.run(new String[] {"inspect", "--zoo", zoo}, stream(out), stream(err));
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
