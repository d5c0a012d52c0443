package io.pare.stage.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import org.junit.jupiter.api.Test;

class TaskFailureTest {

  @Test
  void anErrorIsToldByWhatTheTaskWasAt() {
    assertThatThrownBy(
            () ->
                TaskFailure.named(
                    "layer fc6",
                    () -> {
                      throw new IllegalStateException("not positive definite");
                    }))
        .isInstanceOf(TaskFailure.class)
        .hasMessage("layer fc6: not positive definite");
  }

  @Test
  void whatTheHeapDoesNotHoldIsAnErrorWithARemedyAndTheJvmGoesOn() {
    assertThatThrownBy(() -> TaskFailure.named("layer fc6", TaskFailureTest::tooMuch))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("layer fc6: the heap of ")
        .hasMessageContaining("--executor-memory")
        .hasMessageContaining("keep@NAME");
    assertThat(TaskFailure.named("layer fc7", () -> new double[1 << 10])).hasSize(1 << 10);
  }

  private static long[][] tooMuch() {
    long[][] rows = new long[64][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new long[1 << 30];
    }
    return rows;
  }
}
