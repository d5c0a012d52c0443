package io.pare.report.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SumFindingTest {
  private static final CandidatePoint SMALL = single(100, 0.4);
  private static final CandidatePoint LARGE = single(300, 0.0);

  @Test
  void aSumBelowTheLineBetweenSingleComponentsWins() {
    SumFinding finding = SumFinding.of(List.of(SMALL, LARGE, sum(200, 0.15))).orElseThrow();

    assertThat(finding.onEnvelope()).isTrue();
    assertThat(finding.points()).hasSize(1);
    assertThat(finding.points().get(0).singleError()).isEqualTo(0.2, within(1e-12));
    assertThat(finding.points().get(0).gain()).isEqualTo(0.25, within(1e-12));
  }

  @Test
  void withoutAWinnerTheClosestIsNamed() {
    SumFinding finding =
        SumFinding.of(List.of(LARGE, SMALL, sum(150, 0.9), sum(200, 0.22))).orElseThrow();

    assertThat(finding.onEnvelope()).isFalse();
    assertThat(finding.points()).extracting(SumFinding.Point::weights).containsExactly(200L);
    assertThat(finding.points().get(0).gain()).isEqualTo(-0.1, within(1e-12));
  }

  @Test
  void aSingleComponentAboveTheEnvelopeDoesNotRaiseIt() {
    SumFinding finding =
        SumFinding.of(List.of(SMALL, single(200, 0.39), single(250, 0.5), LARGE, sum(200, 0.3)))
            .orElseThrow();

    assertThat(finding.onEnvelope()).isFalse();
    assertThat(finding.points().get(0).singleError()).isEqualTo(0.2, within(1e-12));
  }

  @Test
  void thereIsNothingToFindWithoutSumsOrWithoutSomethingToCompare() {
    assertThat(SumFinding.of(List.of(SMALL, LARGE))).isEmpty();
    assertThat(SumFinding.of(List.of(sum(200, 0.1)))).isEmpty();
    assertThat(SumFinding.of(List.of(SMALL, LARGE, sum(50, 0.1)))).isEmpty();
  }

  private static CandidatePoint single(long weights, double error) {
    return new CandidatePoint("channel", "low-rank-channel", weights, error, false);
  }

  private static CandidatePoint sum(long weights, double error) {
    return new CandidatePoint("channel+inputs", "admm-kept-inputs", weights, error, true);
  }
}
