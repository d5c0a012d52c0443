package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.block.EncodedImage;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.model.proto.Onnx;
import io.pare.testing.BadInputs;
import io.pare.testing.CommandRun;
import io.pare.testing.ImageFiles;
import io.pare.testing.Sample;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/** Labels that say nothing of the network: refused before any work, with what to give. */
class RefusedLabelsIT {
  private static final List<String> SET = new ArrayList<>();
  private static final int CLASSES = 10;

  private static List<EncodedImage> images;

  @TempDir private Path folder;

  private final CommandRun command = new CommandRun();

  @BeforeAll
  static void configureSpark() throws IOException {
    for (Tuple2<String, String> entry : SparkTest.conf("local[2]", "labels").getAll()) {
      System.setProperty(entry._1(), entry._2());
      SET.add(entry._1());
    }
    Configuration configuration = new Configuration();
    images =
        ImageFiles.read(
                ImageSource.open(
                    Sample.file("validation.parquet"), SourceOptions.defaults(), configuration),
                configuration)
            .subList(0, 200);
  }

  @AfterAll
  static void forget() {
    SET.forEach(System::clearProperty);
  }

  @Test
  void labelsInAnotherOrderThanTheOutputsEndTheJobBeforeItsFirstLayer() throws IOException {
    Path shifted = folders(label -> (label + 1) % CLASSES);

    assertThat(compress(Map.of("validation", shifted.toString(), "target", "max-top1-drop=1")))
        .isEqualTo(3);

    assertThat(command.line())
        .contains("the original " + Sample.file("model.onnx"))
        .containsPattern("is right on \\d of 200 images")
        .contains("among its 10 classes")
        .contains("synsets, labels, label-offset");
    assertThat(folder.toFile().list()).containsExactly("val");
    record("numbered in another order than the outputs", 3);
  }

  @Test
  void fewerClassFoldersThanOutputsAreNoNumbering() throws IOException {
    Path some = folders(label -> label < 7 ? label : -1);

    assertThat(evaluate(Map.of("validation", some.toString()))).isEqualTo(3);

    assertThat(command.line()).contains("7 class folders for 10 outputs").contains("give synsets");
    record("7 class folders for 10 outputs, no synsets", 3);
  }

  @Test
  void foldersWithAListOfAllClassesAreANumbering() throws IOException {
    Path some = folders(label -> label < 7 ? label : -1);
    List<String> all = new ArrayList<>();
    for (int k = 0; k < CLASSES; k++) {
      all.add("class" + k);
    }
    Path synsets = Files.write(folder.resolve("synsets.txt"), all);

    assertThat(evaluate(Map.of("validation", some.toString(), "synsets", synsets.toString())))
        .isZero();
    assertThat(command.printed()).contains("top-1 %");
  }

  /** The network leaves open how many outputs it has; what it puts out tells. */
  @Test
  void labelsOutOfRangeAreCountedWhereTheNetworkDeclaresNoNumberOfOutputs() throws IOException {
    Path flat = folder.resolve("flat");
    List<String> labels = new ArrayList<>();
    for (int k = 0; k < 14; k++) {
      ImageFiles.write(flat.resolve(k + ".png"), images.get(k).bytes());
      labels.add(k + ".png," + (k + 5));
    }
    Path file = Files.write(folder.resolve("labels.csv"), labels);

    int code =
        evaluate(
            Map.of(
                "model", open().toString(),
                "validation", flat.toString(),
                "labels", file.toString()));

    assertThat(code).isEqualTo(3);
    assertThat(command.line())
        .contains("9 of 14 images have a label outside 0..9")
        .contains("10.png (15), 11.png (16), 12.png (17), 13.png (18), 5.png (10) and 4 more");
    record("out of range, number of outputs not declared", 3);
  }

  @Test
  void imagesWithoutAnyLabelAreCounted() throws IOException {
    Path flat = folder.resolve("flat");
    for (int k = 0; k < 3; k++) {
      ImageFiles.write(flat.resolve(k + ".png"), images.get(k).bytes());
    }

    assertThat(evaluate(Map.of("model", open().toString(), "validation", flat.toString())))
        .isEqualTo(3);
    assertThat(command.line()).contains("3 of 3 images have no label: 0.png, 1.png, 2.png");
    record("none", 3);
  }

  @Test
  void anOffsetThatLeavesNoClassIsAnError() throws IOException {
    assertThat(evaluate(Map.of("label-offset", "5000"))).isEqualTo(2);
    assertThat(command.line())
        .contains("label-offset = 5000 leaves no class to a network of 10 outputs");
    record("offset beyond the outputs", 2);
  }

  /** Class folders of the sample's images; those whose class is below 0 are left out. */
  private Path folders(IntUnaryOperator classOf) throws IOException {
    Path root = folder.resolve("val");
    for (EncodedImage image : images) {
      int named = classOf.applyAsInt(image.label());
      if (named >= 0) {
        ImageFiles.write(root.resolve("class" + named + "/" + image.id() + ".png"), image.bytes());
      }
    }
    return root;
  }

  /** The sample network without a declared number of outputs. */
  private Path open() throws IOException {
    Onnx.ModelProto.Builder model =
        Onnx.ModelProto.parseFrom(Files.readAllBytes(Sample.path("model.onnx"))).toBuilder();
    model
        .getGraphBuilder()
        .getOutputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(1)
        .setDimParam("classes");
    return Files.write(folder.resolve("open.onnx"), model.build().toByteArray());
  }

  private int compress(Map<String, String> changes) {
    Map<String, String> keys = Sample.compression(folder.resolve("half").toUri().toString());
    keys.putAll(changes);
    return command.run("compress", keys);
  }

  private int evaluate(Map<String, String> changes) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("model", Sample.file("model.onnx"));
    keys.put("preprocessing", "torchvision,resize=none,crop=none,mean=0.5,std=0.5");
    keys.put("validation", Sample.file("validation.parquet"));
    keys.putAll(changes);
    return command.run("evaluate", keys);
  }

  private void record(String bad, int exitCode) {
    String message =
        command.line().substring("pare: error: ".length()).replace(folder.toString(), "");
    BadInputs.refused("labels", bad, message, Integer.toString(exitCode));
  }
}
