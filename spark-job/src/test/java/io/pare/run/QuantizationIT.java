package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.pare.model.OnnxNetwork;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.testing.ModelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that are written in fewer bits. */
class QuantizationIT {
  @TempDir Path folder;

  @Test
  void eightBitsKeepTheOutputsHoldTheBudgetOfBytesAndAreTheSameForAnyCoresAndPartitions()
      throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    GoalJobs.publish(keys(jobs, "few", "int8", "bytes=4"), "local[1]", 1);
    GoalJobs.publish(keys(jobs, "many", "int8", "bytes=4"), "local[3]", 7);

    assertThat(jobs.model("few")).isEqualTo(jobs.model("many"));
    JsonNode report = jobs.report("few");
    double bytes = report.get("before").get("bytes").asDouble();
    assertThat(report.get("after").get("bytes").asDouble()).isLessThanOrEqualTo(bytes / 4.0);
    assertThat(report.get("after").get("bytes").asInt()).isEqualTo(jobs.model("few").length);
    assertThat(report.get("after").get("weights").asLong())
        .as("twice the weights that floats could have")
        .isGreaterThan(report.get("before").get("weights").asLong() / 4);
    JsonNode quantization = report.get("quantization");
    assertThat(quantization.get("byRule")).hasSize(3);
    assertThat(quantization.get("divergence").asDouble())
        .isCloseTo(quantization.get("divergenceInFloats").asDouble(), within(0.05));
    assertThat(report.get("comparison").get(1).get("mode").asText()).isEqualTo("full, in floats");
    OnnxNetwork written = ModelReader.read("few", jobs.model("few"), ExternalData.none());
    assertThat(written.nodes()).anyMatch(node -> node.getOpType().equals("QuantizeLinear"));
    assertThat(written.metadata()).containsEntry("pare.precision", "int8");
  }

  @Test
  void eightBitsAloneReachATargetThatIsBeyondLayersWhichStay() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = keys(jobs, "kept", "int8", "bytes=3");
    keys.put("layers", "keep@stem,keep@wide");
    GoalJobs.publish(keys, "local[2]", 2);

    JsonNode report = jobs.report("kept");
    assertThat(report.get("after").get("bytes").asInt())
        .isLessThanOrEqualTo(report.get("before").get("bytes").asInt() / 3);
  }

  @Test
  void fourBitsLeaveAllWeightsWhereEightWouldHaveToCutThemAndHoldTheBudget() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    GoalJobs.publish(keys(jobs, "eight", "int8", "bytes=4.5"), "local[2]", 2);
    GoalJobs.publish(keys(jobs, "four", "int4", "bytes=4.5"), "local[1]", 1);
    GoalJobs.publish(keys(jobs, "again", "int4", "bytes=4.5"), "local[3]", 5);

    assertThat(jobs.model("four")).isEqualTo(jobs.model("again"));
    JsonNode report = jobs.report("four");
    long weights = report.get("before").get("weights").asLong();
    assertThat(report.get("after").get("weights").asLong()).isEqualTo(weights);
    assertThat(jobs.report("eight").get("after").get("weights").asLong()).isLessThan(weights);
    double bytes = report.get("before").get("bytes").asDouble();
    assertThat(jobs.model("four").length).isLessThanOrEqualTo((int) (bytes / 4.5));
    assertThat(report.get("quantization").get("inFourBits")).hasSize(1);
    assertThat(report.findValuesAsText("code"))
        .as("what codes cost is no surprise to the plan")
        .doesNotContain("divergence-unplanned");
    assertThat(report.get("quantization").get("divergence").asDouble())
        .isCloseTo(report.get("quantization").get("divergenceInFloats").asDouble(), within(0.05));
  }

  @Test
  void layersAreNotSolvedWhereFewerBitsAreEnough() throws IOException {
    byte[] normalised =
        ModelBuilder.seeded(24)
            .input("x", -1, 3, 28, 28)
            .conv("stem", "x", 48, 3, 3)
            .batchNormalization("bn", "stem", 48)
            .relu("r1", "bn")
            .conv("wide", "r1", 48, 48, 3)
            .relu("r2", "wide")
            .globalAveragePool("mean", "r2")
            .flatten("flat", "mean")
            .gemm("dense", "flat", 10, 48)
            .output("dense", -1, 10)
            .bytes();
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("normalised", normalised, "bytes=3");
    keys.put("calibration-images", "120");
    keys.put("precision", "int8");
    GoalJobs.publish(keys, "local[2]", 2);

    JsonNode report = jobs.report("normalised");
    assertThat(report.get("after").get("weights")).isEqualTo(report.get("before").get("weights"));
    assertThat(report.get("after").get("bytes").asInt())
        .isLessThanOrEqualTo(report.get("before").get("bytes").asInt() / 3);
    assertThat(report.at("/layers/1/analysis/candidates")).isEmpty();
    assertThat(report.get("seconds").has("gather")).isFalse();
    OnnxNetwork written =
        ModelReader.read("normalised", jobs.model("normalised"), ExternalData.none());
    assertThat(written.nodes())
        .as("normalisation is folded into the layers that are coded")
        .noneMatch(node -> node.getOpType().equals("BatchNormalization"));
  }

  @Test
  void aLayerThatCodesWouldSpoilStaysInFloatsAndOnlyThat() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> spoilt = jobs.keys("spoilt", unevenWeights(2000), "bytes=1.01");
    Map<String, String> even = jobs.keys("even", unevenWeights(1), "bytes=1.01");
    for (Map<String, String> keys : List.of(spoilt, even)) {
      keys.put("calibration-images", "120");
      keys.put("precision", "int8");
      GoalJobs.publish(keys, "local[2]", 2);
    }

    JsonNode quantization = jobs.report("spoilt").get("quantization");
    assertThat(quantization.get("keptInFloats"))
        .as(quantization.toString())
        .isNotEmpty()
        .hasSizeLessThan(3);
    for (JsonNode divergence : quantization.get("byRule")) {
      assertThat(quantization.get("divergence").asDouble()).isLessThan(0.5 * divergence.asDouble());
    }
    assertThat(jobs.report("even").at("/quantization/keptInFloats"))
        .as("codes that cost next to nothing are worth no time")
        .isEmpty();
  }

  /**
   * The second layer's weights of a channel that is nearly nothing are so much larger than others.
   */
  private static byte[] unevenWeights(float factor) {
    Random random = new Random(5);
    float[] makes = new float[64 * 3 * 3 * 3];
    float[] reads = new float[128 * 64];
    for (int k = 0; k < makes.length; k++) {
      makes[k] = (float) (0.2 * random.nextGaussian()) / (k < 27 ? factor : 1);
    }
    for (int k = 0; k < reads.length; k++) {
      reads[k] = (float) (0.2 * random.nextGaussian()) * (k % 64 == 0 ? factor : 1);
    }
    return ModelBuilder.seeded(25)
        .input("x", -1, 3, 28, 28)
        .initializer(ModelBuilder.floats("makes", new long[] {64, 3, 3, 3}, makes))
        .initializer(ModelBuilder.floats("reads", new long[] {128, 64, 1, 1}, reads))
        .node("Conv", "maker", List.of("x", "makes"), List.of("maker"))
        .relu("r1", "maker")
        .node("Conv", "reader", List.of("r1", "reads"), List.of("reader"))
        .relu("r2", "reader")
        .globalAveragePool("mean", "r2")
        .flatten("flat", "mean")
        .gemm("dense", "flat", 10, 128)
        .output("dense", -1, 10)
        .bytes();
  }

  @Test
  void halfPrecisionHalvesTheBytesAndHardlyChangesTheOutputs() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    GoalJobs.publish(keys(jobs, "floats", "fp32", "params=1.5"), "local[2]", 2);
    GoalJobs.publish(keys(jobs, "halves", "fp16", "params=1.5"), "local[2]", 2);

    assertThat(jobs.model("halves").length).isLessThan(jobs.model("floats").length * 6 / 10);
    assertThat(jobs.report("halves").get("after").get("weights"))
        .isEqualTo(jobs.report("floats").get("after").get("weights"));
  }

  private static Map<String, String> keys(
      GoalJobs jobs, String name, String precision, String target) throws IOException {
    Map<String, String> keys = jobs.keys(name, GoalJobs.heavy(), target);
    keys.put("forms", "low-rank-channel,low-rank-spatial");
    keys.put("calibration-images", "120");
    keys.put("precision", precision);
    return keys;
  }
}
