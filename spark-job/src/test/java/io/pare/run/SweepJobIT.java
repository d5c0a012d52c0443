package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.InputException;
import io.pare.config.JobConfig;
import io.pare.config.Settings;
import io.pare.model.inference.InferenceSession;
import io.pare.plan.Goal;
import io.pare.plan.Target;
import io.pare.testing.Sample;
import io.pare.testing.SparkTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SweepJobIT {
  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  private static final String RUN = "sweep";

  @TempDir private Path folder;
  private GoalJobs jobs;

  @BeforeEach
  void inTheFolder() {
    jobs = new GoalJobs(folder);
  }

  private static String sweep(Map<String, String> keys, String... budgets) {
    JobConfig config = JobConfig.of(Settings.of(Optional.empty(), keys));
    List<Target> targets =
        Stream.of(budgets).flatMap(budget -> Goal.parse(budget).targets().stream()).toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SweepJob(config, targets, 2, new PrintStream(out, true, StandardCharsets.UTF_8))
        .run(SPARK.context());
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void methodsAndBudgetsMakeATableAndABudgetOutOfReachStopsNoOther() throws IOException {
    Map<String, String> keys = jobs.keys(RUN, GoalJobs.learnt(), "params=2.0");
    keys.put("mode", "whitened");
    keys.put("compare", "svd");
    keys.put("validation", Sample.file("validation.parquet"));

    String printed = sweep(keys, "params=1.3", "params=5000", "macs=1.8");

    JsonNode json = jobs.json(RUN, "sweep.json");
    List<String> made = new ArrayList<>();
    for (JsonNode result : json.get("results")) {
      made.add(result.get("mode").asText() + " " + result.get("target").asText());
      assertThat(result.get("publishable").asBoolean()).isFalse();
      assertThat(result.at("/accuracy/images").asInt()).isEqualTo(1000);
    }
    assertThat(made)
        .containsExactly(
            "whitened params=1.3", "svd params=1.3", "whitened macs=1.8", "svd macs=1.8");
    assertThat(json.at("/results/0/weights").asDouble())
        .isLessThanOrEqualTo(json.at("/before/weights").asLong() / 1.3);
    assertThat(json.at("/results/3/macs").asDouble())
        .isLessThanOrEqualTo(json.at("/before/macs").asLong() / 1.8);
    assertThat(json.get("unreachable")).hasSize(2);
    assertThat(json.at("/unreachable/0").asText())
        .startsWith("whitened: target params=5000.0")
        .contains("largest factor");
    assertThat(json.at("/unreachable/1").asText()).startsWith("svd: target params=5000.0");

    JsonNode before = json.get("before");
    InferenceSession.open(
            Files.readAllBytes(jobs.output(RUN).resolve("whitened-params-1.3.onnx")), 1)
        .close();
    assertThat(Files.size(jobs.output(RUN).resolve("svd-macs-1.8.onnx")))
        .isEqualTo(json.at("/results/3/bytes").asLong())
        .isLessThan(before.get("bytes").asLong());

    List<String> table = Files.readAllLines(jobs.output(RUN).resolve("sweep.md"));
    assertThat(table)
        .contains("| target | whitened | svd |")
        .anyMatch(line -> line.startsWith("| params=1.3 | "))
        .anyMatch(line -> line.startsWith("| macs=1.8 | "))
        .noneMatch(line -> line.startsWith("| params=5000"))
        .anyMatch(line -> line.startsWith("Not reached: whitened: target params=5000.0"));
    assertThat(Files.readString(jobs.output(RUN).resolve("sweep.html")))
        .contains("Accuracy against size", "whitened, params=1.3: ", "svd, macs=1.8: ")
        .contains("Not reached", "whitened: target params=5000.0");
    assertThat(printed).contains(table).contains("published ");
    assertThat(jobs.output(RUN).resolve("model.onnx")).doesNotExist();
  }

  /** What the times are is the machine's affair. */
  @Test
  void layersAreTimedWhereABudgetIsOfTime() throws IOException {
    Map<String, String> keys = jobs.keys(RUN, GoalJobs.heavy(), "params=2.0");
    keys.put("forms", "low-rank-spatial");

    sweep(keys, "latency=1.05");

    assertThat(jobs.json(RUN, "sweep.json").get("results")).hasSize(1);
    assertThat(jobs.json(RUN, "sweep.json").at("/seconds").has("time layers")).isTrue();
  }

  @Test
  void nothingIsPublishedWhereNoBudgetCanBeReached() throws IOException {
    Map<String, String> keys = jobs.keys(RUN, GoalJobs.plain(), "params=2.0");
    keys.put("forms", "low-rank-channel");

    assertThatThrownBy(() -> sweep(keys, "params=5000"))
        .isInstanceOfSatisfying(
            InputException.class, e -> assertThat(e.kind().exitCode()).isEqualTo(2))
        .hasMessageContaining("none of the targets can be reached")
        .hasMessageContaining("params=5000.0");
    // Known from the shapes of the layers: nothing was computed that could be kept.
    assertThat(jobs.output(RUN).getParent().toFile().list()).isEmpty();
  }

  @Test
  void aNetworkThatKeepsAllItsLayersHasNothingToSweep() throws IOException {
    Map<String, String> keys = jobs.keys(RUN, GoalJobs.plain(), "params=2.0");
    keys.put("layers", "keep@*");

    assertThatThrownBy(() -> sweep(keys, "params=2.0"))
        .isInstanceOfSatisfying(
            InputException.class, e -> assertThat(e.kind()).isEqualTo(InputException.Kind.NOTHING));
  }
}
