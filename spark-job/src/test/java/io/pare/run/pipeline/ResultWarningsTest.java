package io.pare.run.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.report.Warning;
import io.pare.run.progress.Warnings;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultWarningsTest {
  private final Warnings warnings = new Warnings();

  @Test
  void aDivergenceFarAboveThePlanIsTold() {
    ResultWarnings.ofPlan(0.12, 0.37, "lite.onnx", warnings);

    assertThat(codes()).containsExactly("divergence-unplanned");
    assertThat(warnings.all().get(0).text()).contains("0.120 nats").contains("0.370");
  }

  @Test
  void aDivergenceNearThePlanOrTooSmallToMatterIsNot() {
    ResultWarnings.ofPlan(0.12, 0.2, "a", warnings);
    ResultWarnings.ofPlan(0.001, 0.015, "a", warnings);
    ResultWarnings.ofPlan(0.5, 0.1, "a", warnings);

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
