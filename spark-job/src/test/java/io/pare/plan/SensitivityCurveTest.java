package io.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SensitivityCurveTest {

  @Test
  void measuredPointsAreMetAndTheCurveBetweenThemIsAPowerLaw() {
    SensitivityCurve curve = new SensitivityCurve(Map.of(0.01, 0.1, 0.04, 0.4));

    assertThat(curve.divergence(0.01)).isCloseTo(0.1, within(1e-12));
    assertThat(curve.divergence(0.02)).isCloseTo(0.2, within(1e-12));
    assertThat(curve.divergence(0.04)).isCloseTo(0.4, within(1e-12));
    assertThat(curve.measured()).containsEntry(0.01, 0.1).hasSize(2);
  }

  @Test
  void beyondThePointsTheDivergenceIsInProportionToTheError() {
    SensitivityCurve curve = new SensitivityCurve(Map.of(0.01, 0.1, 0.04, 0.2));

    assertThat(curve.divergence(0.001)).isCloseTo(0.01, within(1e-12));
    assertThat(curve.divergence(0.4)).isCloseTo(2, within(1e-12));
    assertThat(curve.divergence(0)).isZero();
  }

  @Test
  void noiseDoesNotMakeTheCurveFall() {
    SensitivityCurve curve = new SensitivityCurve(Map.of(0.01, 0.3, 0.02, 0.1));

    assertThat(curve.divergence(0.02)).isCloseTo(0.3, within(1e-12));
  }
}
