package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.publish.IfExists;
import io.pare.io.publish.ResultPublisher;
import io.pare.testing.BadInputs;
import io.pare.testing.CommandRun;
import io.pare.testing.Sample;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Tuple2;

/** What a run refuses once Spark is there, from the command line to the exit code. */
class RefusedRunsIT {
  private static final List<String> SET = new ArrayList<>();

  @TempDir private Path folder;

  private final CommandRun command = new CommandRun();

  /** As spark-submit hands its configuration to the driver. */
  @BeforeAll
  static void configureSpark() {
    for (Tuple2<String, String> entry : SparkTest.conf("local[2]", "refused").getAll()) {
      System.setProperty(entry._1(), entry._2());
      SET.add(entry._1());
    }
  }

  @AfterAll
  static void forget() {
    SET.forEach(System::clearProperty);
  }

  @Test
  void missingImagesEndWithThree() {
    assertThat(run("compress", Map.of("images", folder + "/none"))).isEqualTo(3);
    assertThat(command.line()).contains(folder + "/none does not exist");
    assertThat(folder.resolve("half")).doesNotExist();
  }

  @Test
  void tooFewImagesToHoldSomeOutEndWithThree() {
    assertThat(run("compress", Map.of("calibration-images", "4"))).isEqualTo(3);
    assertThat(command.line()).contains("4 good images").contains("at least 5");
    assertThat(folder.resolve("half")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s4://models/a  | no file system s4 is known here: correct the path, or give spark-submit",
        "gs://models/a  | give spark-submit the library of gs before -- (--packages)",
        "s3://models/a  | no file system s3 is known here: Hadoop reads and writes S3 as s3a://",
        "https://host/a | is on a web server, and Pare reads file systems",
      })
  void aPathThatNothingHereCanReachIsRefusedBeforeAnyWork(String path, String message) {
    for (String key : List.of("model", "images", "validation", "output")) {
      CommandRun refused = new CommandRun();
      Map<String, String> keys = new LinkedHashMap<>(Sample.compression(folder + "/half"));
      keys.put("model", "file:/no/such/network");
      keys.put(key, path);
      assertThat(refused.run("compress", keys)).as(refused.errors()).isEqualTo(2);
      assertThat(refused.line()).contains(path).contains(message);
    }
    CommandRun refused = new CommandRun();
    Map<String, String> keys = Map.of("model", "file:/no/such/network", "validation", path);
    assertThat(refused.run("evaluate", keys)).as(refused.errors()).isEqualTo(2);
    assertThat(refused.line()).contains(path).contains(message);
    assertThat(folder.toFile().list()).isEmpty();
  }

  @Test
  void aTargetOutOfReachEndsWithTwoAndNamesTheLargestFactor() {
    Map<String, String> changes =
        Map.of("target", "params=5000", "calibration-images", "20", "samples-per-column", "1");

    assertThat(run("compress", changes)).isEqualTo(2);
    assertThat(command.line()).contains("target params=5000").contains("largest factor");
    // Known from the shapes of the layers: nothing was computed that could be kept.
    assertThat(folder.toFile().list()).isEmpty();
    record("target", "beyond what structures can reach");
  }

  @Test
  void anOutputThatIsThereIsRefusedOrSkippedAsConfigured() throws IOException {
    Path mark = Files.createDirectories(folder.resolve("half")).resolve("mine.txt");
    Files.writeString(mark, "kept");

    assertThat(run("compress", Map.of())).isEqualTo(2);
    assertThat(command.line()).contains("half").contains("if-exists");

    assertThat(mark).hasContent("kept");
    assertThat(folder.toFile().list()).containsExactly("half");
  }

  @Test
  void aResultThatIsThereIsLeftAloneWithSkip() {
    String output = folder.resolve("half").toUri().toString();
    try (ResultPublisher earlier =
        new ResultPublisher(new Configuration(), output, IfExists.FAIL, "earlier")) {
      assertThat(earlier.prepare()).isTrue();
      earlier.publish(Map.of("model.onnx", new byte[] {1}));
    }

    assertThat(run("compress", Map.of("if-exists", "skip"))).isZero();
    assertThat(command.printed()).contains("left as it is");
    assertThat(command.errors()).isEmpty();
    assertThat(folder.resolve("half/model.onnx")).hasBinaryContent(new byte[] {1});
  }

  @Test
  void aNetworkInTheResultThatWouldBeReplacedIsRefusedAndStays() throws IOException {
    String output = folder.resolve("half").toUri().toString();
    byte[] network = Files.readAllBytes(Sample.path("model.onnx"));
    try (ResultPublisher earlier =
        new ResultPublisher(new Configuration(), output, IfExists.FAIL, "earlier")) {
      assertThat(earlier.prepare()).isTrue();
      earlier.publish(Map.of("model.onnx", network));
    }
    String model = folder.resolve("half/model.onnx").toString();

    assertThat(run("compress", Map.of("if-exists", "overwrite", "model", model))).isEqualTo(2);

    assertThat(command.line()).contains("model = " + model).contains("lies in output = ");
    assertThat(folder.resolve("half/model.onnx")).hasBinaryContent(network);
    assertThat(folder.toFile().list()).containsExactly("half");
    record("output", "the network lies in it");
  }

  @Test
  void anOutputInAnotherResultIsRefused() {
    String outer = folder.resolve("half").toUri().toString();
    try (ResultPublisher earlier =
        new ResultPublisher(new Configuration(), outer, IfExists.FAIL, "earlier")) {
      assertThat(earlier.prepare()).isTrue();
      earlier.publish(Map.of("model.onnx", new byte[] {1}));
    }

    assertThat(run("compress", Map.of("output", folder + "/half/again"))).isEqualTo(2);

    assertThat(command.line()).contains("half/again lies in the result file:" + folder + "/half");
    assertThat(folder.resolve("half").toFile().list())
        .containsExactlyInAnyOrder("SHA256SUMS", "_SUCCESS", "model.onnx");
    record("output", "lies in another result");
  }

  @Test
  void aForeignFileInTheResultThatWouldBeReplacedIsNamed() throws IOException {
    String output = folder.resolve("half").toUri().toString();
    try (ResultPublisher earlier =
        new ResultPublisher(new Configuration(), output, IfExists.FAIL, "earlier")) {
      assertThat(earlier.prepare()).isTrue();
      earlier.publish(Map.of("model.onnx", new byte[] {1}));
    }
    Files.writeString(folder.resolve("half/thesis.tex"), "text");

    assertThat(run("compress", Map.of("if-exists", "overwrite"))).isEqualTo(2);

    assertThat(command.line()).contains("no part of its result: thesis.tex");
    assertThat(folder.resolve("half/thesis.tex")).hasContent("text");
    record("output", "holds a foreign file");
  }

  private void record(String input, String bad) {
    String message =
        command.line().substring("pare: error: ".length()).replace(folder.toString(), "");
    BadInputs.refused(input, bad, message, "2");
  }

  private int run(String name, Map<String, String> changes) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.putAll(Sample.compression(folder.resolve("half").toUri().toString()));
    keys.remove("validation");
    keys.putAll(changes);
    return command.run(name, keys);
  }
}
