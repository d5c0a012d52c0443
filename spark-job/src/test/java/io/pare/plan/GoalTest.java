package io.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoalTest {

  @Test
  void partsReadBackAsTheyWereWritten() {
    String text = "params=2.0,latency=1.5,max-top1-drop=1.0,max-kl=0.05";

    Goal goal = Goal.parse(text);

    assertThat(goal).hasToString(text);
    assertThat(goal.targets())
        .containsExactly(
            new Target(Target.Metric.PARAMS, 2), new Target(Target.Metric.LATENCY, 1.5));
    assertThat(goal.limits())
        .containsExactly(
            new AccuracyLimit(AccuracyLimit.Kind.MAX_TOP1_DROP, 1),
            new AccuracyLimit(AccuracyLimit.Kind.MAX_KL, 0.05));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "params               | must be METRIC=FACTOR parts",
        "weights=2            | metric of params, macs, bytes, latency",
        "params=half          | params must be a number",
        "params=0.9           | params must be a finite factor of at least 1",
        "max-kl=-1            | max-kl must be a finite number of at least 0",
        "params=2,params=3    | names params twice",
        "''                   | must be METRIC=FACTOR parts",
      })
  void whatIsWrongIsSaid(String text, String message) {
    assertThatThrownBy(() -> Goal.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
