package io.pare.model.gradient;

import static io.pare.testing.ModelBuilder.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.model.OnnxNetwork;
import io.pare.model.inference.TensorData;
import io.pare.model.output.NetworkOutputs;
import io.pare.testing.ModelBuilder;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The value of the loss against one that Java computes, and its gradients against differences. */
class DistillationLossTest {
  private static final int CLASSES = 5;

  private static ModelBuilder scores(long opset) {
    return ModelBuilder.seeded(13)
        .opset(opset)
        .input("images", -1, 3, 4, 4)
        .conv("conv", "images", 4, 3, 3)
        .node("Softplus", "features", List.of("conv"), List.of("features"))
        .flatten("flat", "features")
        .gemm("scores", "flat", CLASSES, 16);
  }

  /** Mean over rows of T^2 KL(softmax(t / T) || softmax(y / T)). */
  private static double divergence(double[][] targets, double[][] outputs, double temperature) {
    double sum = 0;
    for (int row = 0; row < targets.length; row++) {
      double[] p = softmax(targets[row], temperature);
      double[] q = softmax(outputs[row], temperature);
      for (int k = 0; k < p.length; k++) {
        sum += p[k] * Math.log(p[k] / q[k]);
      }
    }
    return temperature * temperature * sum / targets.length;
  }

  private static double[] softmax(double[] scores, double temperature) {
    double[] values = new double[scores.length];
    double sum = 0;
    for (int k = 0; k < values.length; k++) {
      values[k] = Math.exp(scores[k] / temperature);
      sum += values[k];
    }
    for (int k = 0; k < values.length; k++) {
      values[k] /= sum;
    }
    return values;
  }

  private static double[][] rows(TensorData data, boolean logarithm) {
    double[][] rows = new double[data.values().length / CLASSES][CLASSES];
    for (int i = 0; i < data.values().length; i++) {
      double value = data.values()[i];
      rows[i / CLASSES][i % CLASSES] = logarithm ? Math.log(value) : value;
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({"17, 1", "17, 4", "17, 0.5", "9, 2", "11, 1", "18, 2"})
  void divergenceOfScores(long opset, double temperature) {
    assertDivergence(scores(opset), "scores", temperature, false);
  }

  @ParameterizedTest
  @CsvSource({"17, 1", "17, 3", "11, 2"})
  void divergenceOfProbabilities(long opset, double temperature) {
    assertDivergence(scores(opset).softmax("p", "scores"), "p", temperature, true);
  }

  @Test
  void divergenceOfLogarithmsOfProbabilities() {
    ModelBuilder model =
        scores(17).node("LogSoftmax", "l", List.of("scores"), List.of("l"), number("axis", 1));
    assertDivergence(model, "l", 2, false);
  }

  @Test
  void divergenceOfProbabilitiesThatAreFlattenedBehindTheSoftmax() {
    ModelBuilder model =
        ModelBuilder.seeded(13)
            .input("images", -1, 3, 4, 4)
            .conv("conv", "images", CLASSES, 3, 3)
            .globalAveragePool("mean", "conv")
            .softmax("soft", "mean")
            .flatten("p", "soft")
            .output("p", -1, CLASSES);
    assertDivergenceOf(model, "p", 2, true, List.of("conv.weight"));
  }

  private static void assertDivergence(
      ModelBuilder model, String output, double temperature, boolean probabilities) {
    model.output(output, -1, CLASSES);
    assertDivergenceOf(
        model, output, temperature, probabilities, List.of("scores.weight", "conv.weight"));
  }

  private static void assertDivergenceOf(
      ModelBuilder model,
      String output,
      double temperature,
      boolean probabilities,
      List<String> wanted) {
    Function<OnnxNetwork, DistillationLoss> loss = GradientCheck.scores(temperature);
    try (GradientCheck check = GradientCheck.open(model, wanted, loss, 3)) {
      TensorData target = check.inputs().get(check.gradients().targets().get(output));
      TensorData actual = check.run().get(output);
      double expected =
          divergence(rows(target, probabilities), rows(actual, probabilities), temperature);
      assertThat(expected).isGreaterThan(1e-4);
      assertThat((double) check.loss()).isCloseTo(expected, Offset.offset(1e-5 + 1e-4 * expected));
      check.ofOwnLoss().assertAll();
    }
  }

  @Test
  void divergenceAtEveryPixel() {
    ModelBuilder model =
        ModelBuilder.seeded(17)
            .input("images", -1, 3, 4, 4)
            .conv("y", "images", CLASSES, 3, 3)
            .output("y", -1, CLASSES, 2, 2);
    try (GradientCheck check =
        GradientCheck.open(model, List.of("y.weight"), GradientCheck.scores(1), 2)) {
      TensorData target = check.inputs().get(check.gradients().targets().get("y"));
      double expected = divergence(pixels(target), pixels(check.run().get("y")), 1);
      assertThat((double) check.loss()).isCloseTo(expected, Offset.offset(1e-4 * expected));
      check.ofOwnLoss().assertAll();
    }
  }

  private static double[][] pixels(TensorData maps) {
    int positions = (int) (maps.shape()[2] * maps.shape()[3]);
    double[][] rows = new double[(int) maps.shape()[0] * positions][CLASSES];
    for (int i = 0; i < maps.values().length; i++) {
      int image = i / (CLASSES * positions);
      rows[image * positions + i % positions][i / positions % CLASSES] = maps.values()[i];
    }
    return rows;
  }

  @Test
  void theLossOfANetworkAgainstItselfIsZero() {
    ModelBuilder model = scores(17).output("scores", -1, CLASSES);
    try (GradientCheck check =
        GradientCheck.open(model, List.of("conv.weight"), GradientCheck.scores(2), 2)) {
      check.inputs().put(check.gradients().targets().get("scores"), check.run().get("scores"));
      Map<String, TensorData> results = check.run();
      assertThat(results.get(check.gradients().loss()).values()[0])
          .isCloseTo(0, Offset.offset(1e-6f));
      for (float slope : results.get(check.gradients().gradients().get("conv.weight")).values()) {
        assertThat(slope).isCloseTo(0, Offset.offset(1e-6f));
      }
    }
  }

  @Test
  void featureMapsCountByTheirWeight() {
    ModelBuilder model = scores(17).output("scores", -1, CLASSES);
    Function<OnnxNetwork, DistillationLoss> loss = GradientCheck.values("features");
    OnnxOutputs outputs = new OnnxOutputs(model, "features");
    try (GradientCheck check = GradientCheck.open(model, List.of("conv.weight"), loss, 2)) {
      TensorData target = check.inputs().get(check.gradients().targets().get("features"));
      double scores =
          GradientCheck.squaredError(
              check.run().get("scores"),
              check.inputs().get(check.gradients().targets().get("scores")));
      double features = GradientCheck.squaredError(outputs.of(check.inputs()), target);
      assertThat((double) check.loss())
          .isCloseTo(scores + 0.7 * features, Offset.offset(1e-4 * scores));
      check.ofOwnLoss().assertAll();
    }
  }

  @Test
  void outputsOfOneValueAreNoScores() {
    ModelBuilder model =
        ModelBuilder.seeded(1)
            .input("images", -1, 3, 4, 4)
            .flatten("flat", "images")
            .gemm("y", "flat", 1, 48)
            .output("y", -1, 1);
    try (GradientCheck check =
        GradientCheck.open(model, List.of("y.weight"), GradientCheck.scores(3), 2)) {
      check.assertAll();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aTemperatureThatCannotBeIsRefused(double temperature) {
    assertThatThrownBy(() -> DistillationLoss.of(new NetworkOutputs(List.of()), temperature))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("above 0 and finite");
  }
}
