package io.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.algorithm.candidate.Family;
import io.pare.plan.Target.Metric;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReachTest {
  private static final Set<Family> FORMS =
      EnumSet.of(Family.LOW_RANK_CHANNEL, Family.LOW_RANK_SPATIAL);
  private static final LayerRules NO_RULES = new LayerRules(List.of());

  private final PlannedNetwork network = PlannedNetwork.chain();

  /**
   * first: 12 x 3 x 3 x 3 at rank 1 in the channel form, 27 + 12; wide: 16 x 12 x 3 x 3 in the
   * spatial form, 36 + 48; last and dense, 16 to 8 and 8 to 5, the sum of both sides.
   */
  @Test
  void lowRankFormsComeDownToRankOne() {
    assertThat(reach(FORMS, NO_RULES).least(Metric.PARAMS))
        .isEqualTo((27 + 12) + (36 + 48) + (16 + 8) + (8 + 5));
    assertThat(reach(FORMS, NO_RULES).least(Metric.BYTES)).isEqualTo(4 * (39 + 84 + 24 + 13));
  }

  /** One input each, so that each layer but the last needs one filter. */
  @Test
  void keptInputsSaveTheFiltersThatNobodyReads() {
    assertThat(reach(EnumSet.of(Family.KEPT_INPUTS), NO_RULES).least(Metric.PARAMS))
        .isEqualTo(9 + 9 + 1 + 5);
  }

  @Test
  void aLayerThatIsKeptCountsInFullWhereNobodyDropsItsChannels() {
    assertThat(reach(FORMS, LayerRules.parse("keep@wide")).least(Metric.PARAMS))
        .isEqualTo(39 + 16 * 12 * 9 + 24 + 13);
  }

  /** What the planner can do with every candidate there is must never be called impossible. */
  @ParameterizedTest
  @EnumSource(names = {"PARAMS", "MACS", "BYTES"})
  void noTargetIsRefusedThatAPlanReaches(Metric metric) {
    Set<Family> families = EnumSet.copyOf(FORMS);
    families.add(Family.KEPT_INPUTS);
    Reach reach = reach(families, NO_RULES);
    int reached = 0;
    for (double factor = 1.2; factor < 100; factor *= 1.2) {
      Target target = new Target(metric, factor);
      Planner planner =
          new Planner(
              network.material(layer -> network.candidates(layer.name()), NO_RULES),
              List.of(target),
              network);
      if (reaches(planner)) {
        reached++;
        long[] totals = network.ofOriginal(List.of(target));
        assertThatCode(() -> reach.require(List.of(target), totals)).doesNotThrowAnyException();
      }
    }
    assertThat(reached).isPositive();
  }

  @Test
  void aTargetBeyondReachIsNamedWithWhatWouldRemain() {
    Reach reach = reach(FORMS, NO_RULES);
    Target target = new Target(Metric.PARAMS, 50);

    assertThatThrownBy(() -> reach.require(List.of(target), new long[] {2_220}))
        .isInstanceOfSatisfying(
            InputException.class, e -> assertThat(e.kind().exitCode()).isEqualTo(2))
        .hasMessage(
            "target params=50.0: at most 44 of 2220 weights may remain, but at least 160 do, whatever the layers become; the largest factor that can be reached is below 13.9");
  }

  @Test
  void timeIsNotBounded() {
    Target target = new Target(Metric.LATENCY, 1e6);

    assertThatCode(() -> reach(FORMS, NO_RULES).require(List.of(target), new long[] {7}))
        .doesNotThrowAnyException();
  }

  private static boolean reaches(Planner planner) {
    try {
      planner.plan();
      return true;
    } catch (InputException e) {
      return false;
    }
  }

  private Reach reach(Set<Family> families, LayerRules rules) {
    LayerChoice choice = LayerChoice.of(network.layers(), rules);
    return new Reach(choice.free(), network.unread(), rules, families, Float.BYTES);
  }
}
