package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.run.GoalJobs;
import io.pare.testing.FaultMatrix;
import io.pare.testing.ModelBuilder;
import io.pare.testing.OddModels;
import io.pare.testing.Sample;
import io.pare.testing.SparkSubmit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed jar under a real spark-submit, where there is a Spark that need not be installed. */
class SubmittedJobIT {
  private static final String ERASE = "\u001b[K";

  /** How far on it is when a look each second meets it is the machine's affair. */
  private static final Pattern PROGRESS =
      Pattern.compile(
          "\r" + Pattern.quote(ERASE) + "evaluate 1 networks on 1000 images: \\d of 8 tasks");

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

  /**
   * What neither crashes nor hangs is published, whoever stands before it in the list; the next
   * run, which finds the same networks, ends in the same way and computes nothing again.
   */
  @Test
  void networksThatCrashOrHaveNoEndEndNeitherTheDriverNorTheZooNorTheNextRun() throws Exception {
    Path networks = Files.createDirectory(folder.resolve("networks"));
    Files.write(networks.resolve("crash.onnx"), OddModels.crash().bytes());
    Files.write(networks.resolve("endless.onnx"), OddModels.endlessLoop().bytes());
    Files.write(networks.resolve("healthy.onnx"), GoalJobs.plain());
    Path told = folder.resolve("result.json");
    Path output = folder.resolve("zoo");
    List<String> zoo =
        new ArrayList<>(List.of("compress", "--zoo", networks + "/*.onnx", "--output"));
    zoo.addAll(List.of(output.toString(), "--images", Sample.file("calibration.parquet")));
    zoo.addAll(List.of("--preprocessing", "raw", "--calibration-images", "60"));
    zoo.addAll(List.of("--samples-per-column", "1", "--sensitivity-images", "12"));
    zoo.addAll(List.of("--forms", "low-rank-channel", "--target", "params=1.3"));
    zoo.addAll(List.of("--trial-seconds", "6", "--result-json", told.toString()));

    for (String published : List.of("done", "up-to-date")) {
      SparkSubmit.Outcome run = submit(zoo);

      assertThat(run.exitCode()).as(run.err()).isEqualTo(5);
      assertThat(run.err().lines().toList())
          .last(InstanceOfAssertFactories.STRING)
          .startsWith("pare: error: 2 of 3 models failed")
          .contains("crashed (SIGFPE", "did not end within trial-seconds = 6");
      JsonNode result = new ObjectMapper().readTree(told.toFile());
      assertThat(result.path("exitCode").asInt()).isEqualTo(5);
      assertThat(result.path("models").findValuesAsText("status"))
          .containsExactly("failed", "failed", published);
      assertThat(output).isDirectoryContaining("glob:**/zoo-report.html");
      assertThat(output.resolve("healthy")).isDirectoryContaining("glob:**/_SUCCESS");
    }
    FaultMatrix.held(
        "networks that crash ONNX Runtime or have no end, in a zoo under spark-submit",
        "a pool that leaves no row behind a reshaping; a Loop without end; the packed jar",
        "SIGFPE, and the time limit of the first run, in the error of each network",
        "the third is published, report and result-json are written, exit code 5; so does the"
            + " next run, which finds it up to date");
  }

  /** A terminal is what the command script makes; it records what would be shown on it. */
  @Test
  void onATerminalTheProgressIsOneLineThatIsWrittenAnew() throws Exception {
    Path script = Path.of("/usr/bin/script");
    assumeTrue(Files.isExecutable(script), "skipped: no script to make a terminal with");
    Path shown = folder.resolve("shown");
    // The line is written every second: what runs takes several.
    Path slow =
        Files.write(
            folder.resolve("slow.onnx"),
            ModelBuilder.seeded(6)
                .input("x", -1, 3, 28, 28)
                .conv("a", "x", 64, 3, 3)
                .conv("b", "a", 256, 64, 3)
                .conv("c", "b", 64, 256, 3)
                .globalAveragePool("mean", "c")
                .flatten("flat", "mean")
                .gemm("y", "flat", 10, 64)
                .output("y", -1, 10)
                .bytes());
    String submit = SparkSubmit.repository().resolve("submit-scripts/pare-local").toString();
    String command =
        "%s --conf spark.ui.enabled=false -- evaluate --model %s --preprocessing %s --validation %s"
            .formatted(
                submit,
                slow,
                "torchvision,resize=none,crop=none,mean=0.5,std=0.5",
                Sample.path("validation.parquet"));
    Process process =
        new ProcessBuilder(script.toString(), "-qec", command, shown.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();

    assertThat(process.waitFor()).isZero();

    List<String> lines = List.of(Files.readString(shown).split("\n"));
    assertThat(lines)
        .filteredOn(line -> line.contains(" tasks"))
        .anyMatch(line -> PROGRESS.matcher(line).find())
        .allMatch(line -> line.startsWith("\r" + ERASE))
        .as("each is written over, by the next or by nothing")
        .noneMatch(line -> line.substring(line.lastIndexOf(ERASE)).contains(" tasks"));
    assertThat(lines).anyMatch(line -> line.startsWith("top-1 "));
  }

  private static SparkSubmit.Outcome submit(List<String> job) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("--master", "local[2]", "--driver-memory", "2g", "--conf"));
    arguments.addAll(List.of("spark.ui.enabled=false", "--"));
    arguments.addAll(job);
    return SparkSubmit.run("pare-local", arguments, Map.of());
  }
}
