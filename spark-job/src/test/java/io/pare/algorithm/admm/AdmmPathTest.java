package io.pare.algorithm.admm;

import static io.pare.algorithm.admm.SmallProblems.POINTWISE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmmPathTest {
  private final ExtendedAdmm admm =
      new ExtendedAdmm(
          SmallProblems.regression(POINTWISE, 5),
          Support.Kind.INPUTS,
          Matricisation.CHANNEL,
          AdmmSettings.STANDARD);
  private final AdmmPath path = new AdmmPath(admm, AdmmPath.Grid.STANDARD);

  @Test
  void aSparsePathLeadsFromEveryGroupToNone() {
    List<AdmmPath.Point> points = path.sparse();
    assertThat(points).allMatch(point -> point.lowRank().isNone());
    assertThat(points).allMatch(point -> point.trace().converged());
    assertThat(points.get(0).support().size()).isEqualTo(9);
    assertThat(points.get(points.size() - 1).structure()).isEmpty();
    assertThat(points).hasSizeGreaterThan(4);
    assertThat(points.stream().map(point -> point.penalties().sparse()).toList()).isSorted();
    assertThat(AdmmPath.entryOrder(points)).hasSize(9).doesNotHaveDuplicates();
  }

  @Test
  void aLowRankPathLeadsFromFullRankToNone() {
    List<AdmmPath.Point> points = path.lowRank();
    assertThat(points).allMatch(point -> point.support().isEmpty());
    assertThat(points.get(0).lowRank()).isEqualTo(new LowRank(Form.CHANNEL, 6));
    assertThat(points.get(points.size() - 1).lowRank()).isEqualTo(LowRank.NONE);
  }

  @Test
  void aMixedPathHoldsSums() {
    List<AdmmPath.Point> points = path.mixed(3);
    assertThat(points)
        .anyMatch(
            point ->
                point.structure().isPresent()
                    && point.structure().orElseThrow() instanceof Structure.Sum sum
                    && sum.isMixed());
    assertThat(points).allMatch(point -> point.trace().converged());
  }

  @Test
  void outsideTheWindowOfRatiosOneComponentIsAbsent() {
    double weight = GroupPenalty.weight(Groups.CHANNELS, POINTWISE);
    double[] shares = {0.5, 0.1, 0.01};
    for (double share : shares) {
      AdmmSolution low = admm.solve(AdmmPath.ray(admm, 0.98 * weight).at(share));
      assertThat(low.support().isEmpty()).isTrue();
      assertThat(low.rank()).isPositive();
      AdmmSolution sparse = admm.solve(AdmmPath.ray(admm, 1.02 * weight * 3).at(share));
      assertThat(sparse.rank()).isZero();
      assertThat(sparse.support().isEmpty()).isFalse();
    }
  }

  @Test
  void aPathIsReproducedToTheBit() {
    AdmmPath again = new AdmmPath(admm, AdmmPath.Grid.STANDARD);
    assertThat(again.mixed(2)).isEqualTo(path.mixed(2));
  }

  @Test
  void aGridMustFall() {
    assertThatThrownBy(() -> new AdmmPath.Grid(10, 1)).hasMessageContaining("between 0 and 1");
  }
}
