package io.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.plan.AccuracyLimit.Kind;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccuracyLimitTest {

  @ParameterizedTest
  @CsvSource({
    "1, 0.93, 8", // as often as the original is right, less one point
    "1, 0.11, 50.5", // labels that mean little do not excuse a ruined network
    "10, 0.60, 50", // both ask for the same
    "100, 0.93, 100", // all may be lost
    "250, 0.93, 100",
    "0, 1, 0"
  })
  void aLimitOfTop1AsksForAgreementToo(double limit, double top1, double disagreement) {
    assertThat(new AccuracyLimit(Kind.MAX_TOP1_DROP, limit).mostDisagreement(top1))
        .isEqualTo(disagreement, Offset.offset(1e-9));
  }
}
