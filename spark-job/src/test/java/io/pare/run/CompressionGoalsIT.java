package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.InputException;
import io.pare.testing.Sample;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a compression can be asked for, each kind on a network small enough to be quick. */
class CompressionGoalsIT {
  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  private static final String RUN = "run";

  @TempDir private Path folder;
  private GoalJobs jobs;

  @BeforeEach
  void inTheFolder() {
    jobs = new GoalJobs(folder);
  }

  private Map<String, String> plain(String target) throws IOException {
    return jobs.keys(RUN, GoalJobs.plain(), target);
  }

  private JsonNode compressed(Map<String, String> keys) throws IOException {
    assertThat(GoalJobs.compress(SPARK.context(), keys)).contains("published ");
    return jobs.report(RUN);
  }

  @Test
  void theFileIsAsManyTimesShorterAsWasAsked() throws IOException {
    JsonNode report = compressed(plain("bytes=1.3"));

    assertThat(report.at("/before/bytes").asLong()).isEqualTo(GoalJobs.plain().length);
    assertThat(jobs.model(RUN).length).isBetween(1, (int) (GoalJobs.plain().length / 1.3));
    assertThat(report.at("/after/bytes").asInt()).isEqualTo(jobs.model(RUN).length);
  }

  @Test
  void weightsAndArithmeticCanBeAskedForTogether() throws IOException {
    JsonNode report = compressed(plain("params=1.5,macs=1.8"));

    assertThat(ratio(report, "weights")).isGreaterThanOrEqualTo(1.5);
    assertThat(ratio(report, "macs")).isGreaterThanOrEqualTo(1.8);
    assertThat(jobs.layers(RUN).total().macs()).isEqualTo(report.at("/after/macs").asLong());
    assertThat(jobs.layers(RUN).total().weights()).isEqualTo(report.at("/after/weights").asLong());
  }

  /** What the times are is the machine's affair. */
  @Test
  void aLatencyCanBeAskedForWithoutStructuresThatAreSlower() throws IOException {
    Map<String, String> keys = jobs.keys(RUN, GoalJobs.heavy(), "latency=1.05");
    keys.put("refuse-slower", "yes");
    keys.put("forms", "low-rank-spatial");

    JsonNode report = compressed(keys);

    assertThat(report.at("/before/latency/medianMillis").asDouble()).isPositive();
    assertThat(report.at("/after/latency/medianMillis").asDouble()).isPositive();
    assertThat(report.at("/seconds").has("time layers")).isTrue();
  }

  @Test
  void aLimitAloneGivesTheSmallestNetworkThatKeptIt() throws IOException {
    Map<String, String> keys = plain("max-kl=0.02");
    keys.put("rounds", "4");

    JsonNode report = compressed(keys);

    double largest = 0;
    for (JsonNode round : report.at("/rounds")) {
      assertThat(round.get("measure").asText()).isEqualTo("max-kl");
      assertThat(round.get("predicted").asDouble()).isNotNegative();
      if (round.get("measured").asDouble() <= 0.02) {
        largest = Math.max(largest, factor(round));
      }
    }
    assertThat(report.at("/rounds")).hasSizeBetween(1, 4);
    assertThat(largest).isGreaterThan(1);
    assertThat(ratio(report, "weights")).isGreaterThanOrEqualTo(largest);
    assertThat(report.at("/comparison/0/target").asText()).isEqualTo("params=" + largest);
  }

  @Test
  void twoLimitsAreCheckedOnEachNetwork() throws IOException {
    Map<String, String> keys =
        jobs.keys(RUN, GoalJobs.learnt(), "params=1.2,max-kl=1000,max-top1-drop=100");
    keys.put("validation", Sample.file("validation.parquet"));

    JsonNode report = compressed(keys);

    List<String> checks = new ArrayList<>();
    report
        .at("/rounds")
        .forEach(r -> checks.add(r.get("round").asInt() + " " + r.get("measure").asText()));
    assertThat(checks).containsExactly("1 max-kl", "1 max-top1-drop", "1 disagreement");
    assertThat(report.at("/after/accuracy/images").asInt()).isEqualTo(1000);
  }

  @Test
  void anErrorOfOutputsThatAreNoScoresIsALimit() throws IOException {
    Map<String, String> keys = jobs.keys(RUN, SplitNetworkIT.network(), "max-output-error=0.02");
    keys.put("forms", "low-rank-channel");
    keys.put("rounds", "3");

    JsonNode report = compressed(keys);

    double largest = 0;
    for (JsonNode round : report.at("/rounds")) {
      assertThat(round.get("measure").asText()).isEqualTo("max-output-error");
      if (round.get("measured").asDouble() <= 0.02) {
        largest = Math.max(largest, factor(round));
      }
    }
    assertThat(largest).isGreaterThan(1);
    assertThat(ratio(report, "weights")).isGreaterThanOrEqualTo(largest);
    assertThat(boxes(report)).isPositive().isLessThanOrEqualTo(0.02);
  }

  private static double boxes(JsonNode report) {
    for (JsonNode output : report.at("/after/accuracy/outputs")) {
      if (output.get("name").asText().equals("box")) {
        return output.get("error").asDouble();
      }
    }
    throw new AssertionError("no output box in " + report.at("/after/accuracy"));
  }

  @Test
  void aLimitAloneIsKeptWhereHalfTheWeightsAreMoreThanCanGo() throws IOException {
    Map<String, String> keys = plain("max-kl=1000");
    keys.put("layers", "keep@wide");
    keys.put("forms", "low-rank-channel");

    JsonNode report = compressed(keys);

    assertThat(ratio(report, "weights")).isBetween(1.05, 1.4);
  }

  @Test
  void aLimitThatNoNetworkKeepsEndsWithFourAndNothingPublished() throws IOException {
    Map<String, String> keys =
        jobs.keys(RUN, GoalJobs.learnt(), "params=1.5,max-kl=0,max-top1-drop=100");
    keys.put("validation", Sample.file("validation.parquet"));
    keys.put("rounds", "2");

    assertThatThrownBy(() -> GoalJobs.compress(SPARK.context(), keys))
        .isInstanceOfSatisfying(
            InputException.class, e -> assertThat(e.kind().exitCode()).isEqualTo(4))
        .hasMessageContaining("no network of 2 that were written keeps max-kl=0.0")
        .hasMessageContaining("gives max-kl = ");
    assertThat(jobs.output(RUN)).doesNotExist();
    // What is finished is kept for the next run, and nothing else.
    assertThat(jobs.output(RUN).getParent().toFile().list()).containsExactly("." + RUN + ".work");
  }

  @Test
  void methodsAreComparedAtTheBudgetOfThePublishedOne() throws IOException {
    Map<String, String> keys = plain("params=1.5");
    keys.put("compare", "svd,whitened,prune,low-rank-relu");

    JsonNode report = compressed(keys);

    List<String> modes = new ArrayList<>();
    for (JsonNode result : report.at("/comparison")) {
      modes.add(result.get("mode").asText());
      assertThat(result.get("target").asText()).isEqualTo("params=1.5");
      assertThat(result.get("weights").asDouble())
          .isLessThanOrEqualTo(report.at("/before/weights").asLong() / 1.5);
      assertThat(result.get("publishable").asBoolean()).isEqualTo(modes.size() == 1);
    }
    assertThat(modes).containsExactly("full", "svd", "whitened", "prune", "low-rank-relu");
    assertThat(report.at("/comparison/0/weights")).isEqualTo(report.at("/after/weights"));
  }

  @Test
  void aMethodThatCannotGetSoFarIsLeftOutOfTheComparisonAlone() throws IOException {
    Map<String, String> keys = plain("params=1.5");
    keys.put("compare", "prune,whitened");
    keys.put("layers", "forms=low-rank-channel+low-rank-spatial@*");

    String printed = GoalJobs.compress(SPARK.context(), keys);

    assertThat(printed).contains("prune is not among the compared: target params=1.5");
    assertThat(jobs.report(RUN).at("/comparison").findValuesAsText("mode"))
        .containsExactly("full", "whitened");
  }

  @Test
  void rulesForSingleLayersAreKept() throws IOException {
    Map<String, String> keys = plain("params=1.3");
    keys.put("layers", "keep@stem,ratio=2@wide,forms=kept-inputs@sq*");

    JsonNode report = compressed(keys);

    JsonNode stem = layer(report, "stem");
    assertThat(stem.get("structure").asText()).isEqualTo("keep");
    assertThat(stem.get("reason").asText()).contains("configured");
    JsonNode wide = layer(report, "wide");
    assertThat(wide.get("weightsBefore").asDouble() / wide.get("weightsAfter").asLong())
        .isGreaterThanOrEqualTo(2);
    assertThat(layer(report, "squeeze").get("structure").asText()).containsAnyOf("inputs", "keep");
    assertThat(report.at("/configuration/layers").asText())
        .isEqualTo("keep@stem,ratio=2.0@wide,forms=kept-inputs@sq*");
  }

  @Test
  void filtersThatOnlyDroppedChannelsReadAreNotWritten() throws IOException {
    Map<String, String> keys = jobs.keys(RUN, GoalJobs.copies(), "params=2");
    keys.put("forms", "kept-inputs");

    JsonNode report = compressed(keys);

    JsonNode reader = layer(report, "reader");
    assertThat(reader.get("structure").asText()).startsWith("inputs(");
    assertThat(reader.get("expectedError").asDouble()).isLessThan(0.01);
    int filters = jobs.layers(RUN).named("maker").orElseThrow().shape().outputs();
    assertThat(reader.get("structure").asText()).isEqualTo("inputs(" + filters + ")");
    assertThat(filters).isBetween(8, 16);
    long ofLayers = 0;
    for (JsonNode layer : report.at("/layers")) {
      ofLayers += layer.get("weightsAfter").asLong();
    }
    assertThat(jobs.layers(RUN).total().weights())
        .isEqualTo(ofLayers)
        .isEqualTo(report.at("/after/weights").asLong())
        .isLessThanOrEqualTo(report.at("/before/weights").asLong() / 2);
    assertThat(layer(report, "maker").get("weightsAfter").asInt()).isEqualTo(27 * filters);
  }

  private static double ratio(JsonNode report, String figure) {
    return report.at("/before/" + figure).asDouble() / report.at("/after/" + figure).asLong();
  }

  private static double factor(JsonNode round) {
    return Double.parseDouble(round.get("target").asText().replace("params=", ""));
  }

  private static JsonNode layer(JsonNode report, String name) {
    for (JsonNode layer : report.at("/layers")) {
      if (layer.get("name").asText().equals(name)) {
        return layer;
      }
    }
    throw new AssertionError("no layer " + name);
  }
}
