package io.pare.report.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SumComparisonTest {
  private static final CandidatePoint SINGLE = point("spatial(9)", "low-rank-spatial", 200, 0.2);
  private static final CandidatePoint DEAR = point("spatial(20)", "low-rank-spatial", 400, 0.01);
  private static final CandidatePoint GREEDY =
      point("spatial(7)+inputs(1)", "spatial-kept-inputs", 205, 0.15);

  @Test
  void aSumStandsBesideTheBestOfItsCost() {
    CandidatePoint admm = point("spatial(6)+inputs(2)", "admm-kept-inputs", 200, 0.1);

    List<SumComparison> sums = SumComparison.of(List.of(DEAR, SINGLE, GREEDY, admm));

    assertThat(sums).hasSize(1);
    assertThat(sums.get(0).greedy()).contains(GREEDY);
    assertThat(sums.get(0).single()).contains(SINGLE);
    assertThat(sums.get(0).wins()).isTrue();
  }

  @Test
  void aSumThatOneOtherBeatsDoesNotWin() {
    CandidatePoint admm = point("spatial(6)+inputs(2)", "admm-kept-inputs", 200, 0.16);

    assertThat(SumComparison.of(List.of(SINGLE, GREEDY, admm)).get(0).wins()).isFalse();
  }

  @Test
  void whatCostsMoreIsNoRival() {
    CandidatePoint admm = point("spatial(6)+inputs(2)", "admm-kept-inputs", 150, 0.3);

    SumComparison alone = SumComparison.of(List.of(SINGLE, DEAR, GREEDY, admm)).get(0);

    assertThat(alone.greedy()).isEmpty();
    assertThat(alone.single()).isEmpty();
  }

  private static CandidatePoint point(String structure, String family, long weights, double error) {
    return new CandidatePoint(structure, family, weights, error, structure.contains("+"));
  }
}
