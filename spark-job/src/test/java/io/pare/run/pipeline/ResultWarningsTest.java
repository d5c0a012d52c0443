package io.pare.run.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.statistics.Evaluation;
import io.pare.algorithm.statistics.OutputEvaluation;
import io.pare.report.Warning;
import io.pare.run.progress.Warnings;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultWarningsTest {
  private final Warnings warnings = new Warnings();

  @Test
  void aDivergenceFarAboveThePlanIsTold() {
    ResultWarnings.ofPlan(0.12, scores(0.37), "lite.onnx", warnings);

    assertThat(codes()).containsExactly("divergence-unplanned");
    assertThat(warnings.all().get(0).text()).contains("0.120 nats").contains("0.370");
  }

  @Test
  void anErrorOfValuesFarAboveThePlanIsToldWithTheLimitForIt() {
    OutputEvaluation boxes = new OutputEvaluation("boxes", 0, 0, 0, 3, 10);

    ResultWarnings.ofPlan(
        0.05, new Evaluation(4, 0, 0, 0, 0, 0, 0, List.of(boxes)), "detector.onnx", warnings);

    assertThat(warnings.all().get(0).text()).contains("0.300").contains("max-output-error");
  }

  private static Evaluation scores(double divergence) {
    return new Evaluation(
        4, 0, 0, 0, 0, 0, 0, List.of(new OutputEvaluation("scores", 4, 4, 4 * divergence, 0, 0)));
  }

  @Test
  void aDivergenceNearThePlanOrTooSmallToMatterIsNot() {
    ResultWarnings.ofPlan(0.12, scores(0.2), "a", warnings);
    ResultWarnings.ofPlan(0.001, scores(0.015), "a", warnings);
    ResultWarnings.ofPlan(0.5, scores(0.1), "a", warnings);

    assertThat(codes()).isEmpty();
  }

  @Test
  void timesOfABusyMachineAreToldAndThoseOfAQuietOneNot() {
    ResultWarnings.ofLoad(0.04, "a", warnings);
    assertThat(codes()).isEmpty();

    ResultWarnings.ofLoad(0.61, "a", warnings);
    assertThat(codes()).containsExactly("latency-under-load");
    assertThat(warnings.all().get(0).text()).contains("61 %");
  }

  @Test
  void aSmallerNetworkThatIsNotFasterIsToldAndAFasterOneNot() {
    ResultWarnings.ofTime(6.2, 5.9, "a", warnings);
    assertThat(codes()).isEmpty();

    ResultWarnings.ofTime(5.91, 6.08, "a", warnings);
    assertThat(codes()).containsExactly("not-faster");
    assertThat(warnings.all().get(0).text()).contains("6.08 ms").contains("the original 5.91");
  }

  private List<String> codes() {
    return warnings.all().stream().map(Warning::code).toList();
  }
}
