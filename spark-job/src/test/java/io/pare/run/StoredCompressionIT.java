package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.testing.CommandRun;
import io.pare.testing.S3Server;
import io.pare.testing.Sample;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Commands whose networks, images and results are all on a server that speaks S3. */
class StoredCompressionIT {
  @RegisterExtension static final S3Server S3 = new S3Server();

  private static final Map<String, String> APPLICATION =
      Map.of(
          "spark.master", "local[2]",
          "spark.ui.enabled", "false",
          "spark.driver.host", "127.0.0.1",
          "spark.driver.bindAddress", "127.0.0.1");

  @TempDir static Path folder;

  private static Map<String, String> keys;
  private static CommandRun compressed;

  @BeforeAll
  static void compress() throws Exception {
    APPLICATION.forEach(System::setProperty);
    S3.settings().forEach((key, value) -> System.setProperty("spark.hadoop." + key, value));
    keys = new GoalJobs(folder).keys("learnt", GoalJobs.learnt(), "params=1.3");
    keys.put("model", S3.upload(Path.of(keys.get("model")), "models/learnt.onnx"));
    keys.put("images", S3.upload(Sample.path("calibration.parquet"), "images/calibration.parquet"));
    keys.put("forms", "low-rank-channel,kept-inputs");
    keys.put("output", S3.path("results/out"));
    Map<String, String> told = new LinkedHashMap<>(keys);
    told.put("result-json", S3.path("results/out.result.json"));
    compressed = new CommandRun();
    int exitCode = compressed.run("compress", told);
    assertThat(exitCode).as(compressed.errors()).isZero();
  }

  @AfterAll
  static void forget() {
    APPLICATION.keySet().forEach(System::clearProperty);
    S3.settings().keySet().forEach(key -> System.clearProperty("spark.hadoop." + key));
  }

  @Test
  void theResultIsThereItsFilesBelowTheRunAndNothingBeside() throws Exception {
    assertThat(compressed.printed()).contains("published " + S3.path("results/out"));
    String run = folderOfRun();
    assertThat(S3.keys("results"))
        .contains("out/_SUCCESS", "out/" + run + "/model.onnx", "out/" + run + "/report.html")
        .allMatch(
            key ->
                key.startsWith("out/_SUCCESS")
                    || key.startsWith("out/" + run)
                    || key.equals("out.result.json"));
    JsonNode told = new ObjectMapper().readTree(S3.read("results/out.result.json"));
    assertThat(told.path("status").asText()).isEqualTo("done");
    assertThat(told.path("output").asText()).isEqualTo(S3.path("results/out"));
    assertThat(run).isEqualTo("run-" + told.path("run").asText());
    assertThat(told.path("files").asText()).isEqualTo(S3.path("results/out/" + run));
  }

  private static String folderOfRun() throws Exception {
    String text = new String(S3.read("results/out/_SUCCESS"), StandardCharsets.UTF_8);
    return text.lines()
        .filter(line -> line.startsWith("files = "))
        .findFirst()
        .orElseThrow()
        .substring("files = ".length());
  }

  @Test
  void otherCommandsReadItAsIfItsFilesLayInTheOutput() throws Exception {
    String network = S3.path("results/out/model.onnx");
    CommandRun evaluated = new CommandRun();
    int exitCode =
        evaluated.run(
            "evaluate",
            List.of(network),
            Map.of(
                "validation", S3.upload(Sample.path("validation.parquet"), "images/v.parquet"),
                "reference", keys.get("model"),
                "result-json", S3.path("results/evaluation.json")));
    assertThat(exitCode).as(evaluated.errors()).isZero();
    assertThat(evaluated.printed()).contains("top-1");
    assertThat(S3.read("results/evaluation.json")).asString().contains("\"images\"");
    S3.fileSystem()
        .delete(new org.apache.hadoop.fs.Path(S3.path("results/evaluation.json")), false);

    CommandRun diff = new CommandRun();
    assertThat(diff.run("diff", List.of(keys.get("model"), network), Map.of()))
        .as(diff.errors())
        .isZero();
    CommandRun inspected = new CommandRun();
    assertThat(inspected.run("inspect", List.of(network), Map.of()))
        .as(inspected.errors())
        .isZero();
    CommandRun report = new CommandRun();
    int rendered =
        report.run(
            "report",
            List.of(S3.path("results/out/report.json")),
            Map.of("output", S3.path("pages/report.html")));
    assertThat(rendered).as(report.errors()).isZero();
    assertThat(S3.read("pages/report.html"))
        .isEqualTo(S3.read("results/out/" + folderOfRun() + "/report.html"));
  }

  @Test
  void theSameAgainIsLeftAsItIsAndAnotherIsRefusedWhereNothingIsToBeReplaced() {
    CommandRun again = new CommandRun();
    Map<String, String> skipping = new LinkedHashMap<>(keys);
    skipping.put("if-exists", "skip");
    assertThat(again.run("compress", skipping)).as(again.errors()).isZero();
    assertThat(again.printed()).contains("is there already and is left as it is");

    CommandRun refused = new CommandRun();
    assertThat(refused.run("compress", keys)).isEqualTo(2);
    assertThat(refused.line()).contains("exists: choose another path, or give --if-exists");

    CommandRun clean = new CommandRun();
    assertThat(clean.run("clean", List.of(keys.get("output")), Map.of())).isZero();
    assertThat(clean.printed()).contains("no run has left anything beside");
  }

  @Test
  void aBucketThatIsNotThereIsToldInOneLine() {
    for (String key : List.of("model", "images", "output")) {
      Map<String, String> wrong = new LinkedHashMap<>(keys);
      wrong.put("output", S3.path("wrong/out"));
      wrong.put(key, "s3a://no-such-bucket/" + key);
      CommandRun run = new CommandRun();
      assertThat(run.run("compress", wrong)).as(run.errors()).isIn(2, 3);
      assertThat(run.line()).contains("s3a://no-such-bucket");
    }
  }
}
