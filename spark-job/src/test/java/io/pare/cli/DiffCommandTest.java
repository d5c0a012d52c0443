package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.model.proto.Onnx;
import io.pare.testing.ModelBuilder;
import io.pare.testing.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffCommandTest {
  private static final String SAMPLE = Sample.path("model.onnx").toString();

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aNetworkDoesNotDifferFromItself() {
    assertThat(run("diff", SAMPLE, SAMPLE)).isZero();
    assertThat(text(out))
        .containsPattern("weights +427,360 +427,360 +1.00x")
        .endsWith("0 of 8 layers differ in structure or size\n");
  }

  @Test
  void factorsBelongToTheLayerThatTheyStandFor() throws IOException {
    Path one = write("one", ModelBuilder.seeded(1).input("x", 1, 3, 8, 8).conv("c", "x", 4, 3, 3));
    Path two =
        write(
            "two",
            ModelBuilder.seeded(1)
                .input("x", 1, 3, 8, 8)
                .conv("c/pare/Conv", "x", 2, 3, 3)
                .conv("c/pare/Conv_2", "c/pare/Conv", 4, 2, 1));

    assertThat(run("diff", one.toString(), two.toString())).isZero();
    assertThat(text(out))
        .containsPattern("weights +108 +62 +1.74x")
        .containsPattern("\nc +Conv +Conv \\+ Conv +108 +62 ")
        .endsWith("1 of 1 layers differ in structure or size\n");
  }

  @Test
  void outputsAreComparedImageByImage() {
    assertThat(
            run(
                "diff",
                SAMPLE,
                SAMPLE,
                "--images",
                Sample.file("validation.parquet"),
                "--preprocessing",
                "torchvision,resize=none,crop=none,mean=0.5,std=0.5"))
        .isZero();
    assertThat(text(out))
        .contains("outputs on 1000 images, 0 left out as bad")
        .containsPattern("same first class +100.00 %")
        .containsPattern("largest difference +0");
  }

  /** Neither the configuration nor the first network says anything, the second does. */
  @Test
  void theOutputsOfANetworkThatSaysHowItSeesImagesAreComparedSo() throws IOException {
    String seen =
        "resize=none,crop=none,interpolation=bilinear,channels=rgb,layout=nchw,"
            + "scale=0.00392156862745098,mean=0.5:0.5:0.5,std=0.5:0.5:0.5";
    Onnx.ModelProto telling =
        Onnx.ModelProto.parseFrom(Files.readAllBytes(Sample.path("model.onnx"))).toBuilder()
            .addMetadataProps(
                Onnx.StringStringEntryProto.newBuilder()
                    .setKey("pare.preprocessing")
                    .setValue(seen))
            .build();
    Path second = Files.write(folder.resolve("telling.onnx"), telling.toByteArray());
    String images = Sample.file("validation.parquet");

    assertThat(run("diff", SAMPLE, second.toString(), "--images", images)).isZero();
    assertThat(text(out)).contains("\npreprocessing " + seen + "\n");

    out.reset();
    assertThat(run("diff", SAMPLE, SAMPLE, "--images", images)).isZero();
    assertThat(text(out)).contains("(a guess: set it)\n");
  }

  @Test
  void networksOfOtherInputsCannotBeComparedOnImages() throws IOException {
    Path other =
        write("other", ModelBuilder.seeded(1).input("x", 1, 3, 8, 8).conv("c", "x", 4, 3, 3));

    assertThat(run("diff", SAMPLE, other.toString(), "--images", Sample.file("validation.parquet")))
        .isEqualTo(2);
    assertThat(text(err))
        .isEqualTo("pare: error: the networks take different inputs: leave out --images\n");
  }

  private Path write(String name, ModelBuilder model) throws IOException {
    String output = name.equals("two") ? "c/pare/Conv_2" : "c";
    return Files.write(folder.resolve(name + ".onnx"), model.output(output, 1, 4, 8, 8).bytes());
  }

  private int run(String... arguments) {
    return Main.run(arguments, stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
