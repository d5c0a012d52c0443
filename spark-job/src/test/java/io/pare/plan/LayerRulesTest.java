package io.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.algorithm.candidate.Family;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerRulesTest {
  private static final PlannedNetwork NETWORK = PlannedNetwork.chain();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "keep@wide",
        "ratio=2.5@wi*",
        "forms=low-rank-channel+admm-kept-filters@*",
        "keep@*,ratio=2.0@a,forms=low-rank-spatial@b"
      })
  void rulesReadBackAsTheyWereWritten(String text) {
    List<LayerRules.Rule> rules = LayerRules.parse(text).rules();

    assertThat(rules.stream().map(LayerRules.Rule::toString))
        .containsExactlyElementsOf(text.isEmpty() ? List.of() : List.of(text.split(",")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "keep                | each rule must be keep@NAME",
        "keep@               | each rule must be keep@NAME",
        "keep@a,             | each rule must be keep@NAME",
        "drop@a              | knows keep, ratio=R and forms=FORM+FORM, not drop",
        "ratio=0.5@a         | ratio must be a number of at least 1",
        "ratio=half@a        | ratio must be a number of at least 1",
        "ratio=NaN@a         | ratio must be a number of at least 1",
        "ratio=Infinity@a    | ratio must be a number of at least 1",
        "forms=square@a      | forms: must be one of low-rank-channel, low-rank-spatial, tucker, chain, kept-inputs",
        "forms=channels@a    | forms: channels is now called kept-inputs",
        "forms=@a            | forms: must be one of low-rank-channel",
      })
  void whatIsWrongIsSaid(String text, String message) {
    assertThatThrownBy(() -> LayerRules.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "wide,wide,true",
    "wi,wide,false",
    "wi*,wide,true",
    "*de,wide,true",
    "w*d*e,wide,true",
    "*,wide,true",
    "wid.,wide,false",
    "ide,wide,false",
  })
  void onlyAStarStandsForOtherCharacters(String pattern, String name, boolean matches) {
    assertThat(LayerRules.parse("keep@" + pattern).keeps(NETWORK.layer(name))).isEqualTo(matches);
  }

  @Test
  void theLastRuleThatMatchesDecidesWhetherALayerIsKept() {
    LayerRules rules = LayerRules.parse("keep@*,ratio=2@wide,forms=low-rank-channel@last,keep@la*");

    assertThat(rules.keeps(NETWORK.layer("first"))).isTrue();
    assertThat(rules.keeps(NETWORK.layer("wide"))).isFalse();
    assertThat(rules.keeps(NETWORK.layer("last"))).isTrue();
  }

  @Test
  void aRuleThatNamesNoLayerIsRefused() {
    assertThatThrownBy(
            () -> LayerRules.parse("keep@wide,ratio=2@weid").requireMatches(NETWORK.layers()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no compressible layer is named weid")
        .hasMessageContaining("pare inspect");
  }

  @Test
  void familiesAreThoseOfTheLastRuleAndTheLayerMayStay() {
    List<LayerCandidate> all = NETWORK.candidates("wide");

    assertThat(allowed("forms=low-rank-channel@*,forms=low-rank-spatial+kept-inputs@wide", all))
        .extracting(LayerCandidate::family)
        .containsOnly(
            Optional.empty(),
            Optional.of(Family.LOW_RANK_SPATIAL),
            Optional.of(Family.KEPT_INPUTS));
    assertThat(allowed("forms=low-rank-channel@first", all)).isEqualTo(all);
  }

  @Test
  void aRatioIsReachedAndHardlyPassed() {
    List<LayerCandidate> all = NETWORK.candidates("wide");
    long weights = NETWORK.layer("wide").cost().weights();

    assertThat(allowed("ratio=7@*,ratio=2@wide", all))
        .isNotEmpty()
        .allMatch(c -> c.cost().weights() <= weights / 2)
        .allMatch(c -> c.cost().weights() >= 0.9 * weights / 2)
        .noneMatch(LayerCandidate::isKeep);
  }

  @Test
  void whereTheCandidatesLeaveAGapTheOnesBelowItRemain() {
    List<LayerCandidate> few =
        NETWORK.candidates("wide").stream()
            .filter(c -> c.isKeep() || c.family().orElseThrow() == Family.KEPT_INPUTS)
            .toList();
    long least = few.stream().mapToLong(c -> c.cost().weights()).min().orElseThrow();
    double ratio = 0.5 * NETWORK.layer("wide").cost().weights() / least;

    assertThat(allowed("ratio=" + ratio + "@wide", few)).hasSize(1);
  }

  @Test
  void aRatioOutOfReachIsRefusedWithTheSmallestCandidate() {
    List<LayerCandidate> all = NETWORK.candidates("wide");
    long least = all.stream().mapToLong(c -> c.cost().weights()).min().orElseThrow();

    assertThatThrownBy(() -> allowed("ratio=100000@wide", all))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("wide cannot become 100000.0 times smaller")
        .hasMessageContaining(least + " of its " + NETWORK.layer("wide").cost().weights());
  }

  private static List<LayerCandidate> allowed(String rules, List<LayerCandidate> candidates) {
    return LayerRules.parse(rules).allowed(NETWORK.layer("wide"), candidates);
  }
}
