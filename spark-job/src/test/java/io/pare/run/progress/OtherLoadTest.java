package io.pare.run.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class OtherLoadTest {
  private static final long SECOND = 1_000_000_000L;

  /**
   * Two processors for ten seconds: 2,000 ticks, of which 1,200 with work, guests counted twice.
   */
  @Test
  void whatOthersTookIsAllWorkLessOurs() {
    OtherLoad before = OtherLoad.of(stat(100, 50, 850, 0), 3 * SECOND, 5 * SECOND);
    OtherLoad after = OtherLoad.of(stat(1100, 250, 1550, 100), 11 * SECOND, 15 * SECOND);

    assertThat(after.since(before)).isEqualTo(0.6 - 0.4, Offset.offset(1e-9));
  }

  @Test
  void aMachineThatWorkedForUsAloneIsQuiet() {
    OtherLoad before = OtherLoad.of(stat(0, 0, 0, 0), 0, 0);
    OtherLoad after = OtherLoad.of(stat(500, 0, 1500, 0), 10 * SECOND, 10 * SECOND);

    assertThat(after.since(before)).isZero();
  }

  @Test
  void theResultOfWhatWasMeasuredIsHandedOn() {
    OtherLoad.Measured<String> measured = OtherLoad.during(() -> "result");

    assertThat(measured.value()).isEqualTo("result");
    measured.others().ifPresent(others -> assertThat(others).isBetween(0.0, 1.0));
  }

  private static List<String> stat(long user, long system, long idle, long waiting) {
    return List.of(
        "cpu  %d 0 %d %d %d 0 0 0 77 0".formatted(user, system, idle, waiting),
        "cpu0 1 0 1 1 0 0 0 0 0 0",
        "cpu1 1 0 1 1 0 0 0 0 0 0",
        "intr 17");
  }
}
