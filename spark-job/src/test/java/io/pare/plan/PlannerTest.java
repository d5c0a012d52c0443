package io.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.InputException;
import io.pare.algorithm.structure.LayerCost;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.model.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {
  private static final PlannedNetwork CHAIN = PlannedNetwork.chain();
  private static final PlannedNetwork BIG_BEFORE_SMALL = PlannedNetwork.bigBeforeSmall();
  private static final LayerRules NO_RULES = LayerRules.parse("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "params=1",
        "params=1.3",
        "params=2",
        "params=4",
        "macs=1.5",
        "macs=3",
        "bytes=1.2",
        "params=2,macs=1.2",
        "params=1.5,macs=2.5",
        "params=1.5,macs=1.5,bytes=1.1"
      })
  void noBudgetIsExceeded(String goal) {
    List<Target> targets = Goal.parse(goal).targets();

    CompressionPlan plan = plan(CHAIN, NO_RULES, goal);

    long[] before = CHAIN.ofOriginal(targets);
    long[] after = CHAIN.of(plan, targets);
    for (int k = 0; k < before.length; k++) {
      assertThat(after[k])
          .as(targets.get(k).toString())
          .isLessThanOrEqualTo((long) (before[k] / targets.get(k).factor()));
    }
  }

  @Test
  void aBudgetThatHoldsTheWholeNetworkKeepsIt() {
    CompressionPlan plan = plan(CHAIN, NO_RULES, "params=1,macs=1");

    assertThat(plan.layers()).allMatch(layer -> layer.choice().isKeep() && layer.free());
    assertThat(plan.loss()).isZero();
    assertThat(fitted(plan)).as("nothing is lost that a fit could repair").isEmpty();
  }

  @Test
  void aSmallerBudgetNeverPromisesASmallerLoss() {
    double last = 0;
    for (double factor : new double[] {1.2, 1.6, 2, 2.5, 3, 4}) {
      double loss = plan(CHAIN, NO_RULES, "params=" + factor).loss();
      assertThat(loss).isGreaterThanOrEqualTo(last);
      last = loss;
    }
    assertThat(last).isPositive();
  }

  @Test
  void layersComeInGraphOrderWithThePinnedOnesAmongThem() {
    CompressionPlan plan = plan(CHAIN, LayerRules.parse("keep@first,keep@last"), "params=1.5");

    assertThat(plan.layers().stream().map(layer -> layer.layer().name()))
        .containsExactly("first", "wide", "last", "dense");
    assertThat(plan.layers()).extracting(LayerPlan::free).containsExactly(false, true, false, true);
    assertThat(plan.layers().get(0).choice().isKeep()).isTrue();
    assertThat(plan.layers().get(0).reason()).contains("configured");
    assertThat(fitted(plan)).containsExactly("wide", "dense");
  }

  @Test
  void aRatioIsKeptWhateverTheBudgetWouldAllow() {
    CompressionPlan plan = plan(CHAIN, LayerRules.parse("ratio=2@wide"), "params=1.1");

    LayerPlan wide = plan.layers().get(1);
    double ratio = (double) wide.layer().cost().weights() / wide.choice().cost().weights();
    assertThat(ratio).isBetween(2.0, 2.0 / 0.9);
  }

  @Test
  void channelsAreDroppedWhereTheProducerIsWhatGetsSmaller() {
    LayerCandidate dropping = BIG_BEFORE_SMALL.channels("small", 0.2, 20);
    LayerCandidate lowRank = BIG_BEFORE_SMALL.rank("big", 0.3, 15);
    Map<String, List<LayerCandidate>> offers =
        Map.of("big", List.of(lowRank), "small", List.of(dropping));

    CompressionPlan plan = plan(BIG_BEFORE_SMALL, offers, "params=1.9");

    assertThat(plan.layers().get(0).choice().isKeep()).isTrue();
    assertThat(plan.layers().get(1).choice()).isEqualTo(dropping);
    assertThat(plan.layers().get(0).cost().weights()).isEqualTo(20 * 16 * 9);
    assertThat(plan.cost().weights()).isEqualTo(20 * 16 * 9 + 20 * 2);
    assertThat(plan.loss()).isCloseTo(0.2, within(1e-9));
  }

  /** Alone a low rank and dropped channels do not do; each saves less beside the other. */
  @Test
  void aSavingIsCountedInTheStructureThatTheProducerHas() {
    LayerCandidate dropping = BIG_BEFORE_SMALL.channels("small", 0.2, 20);
    LayerCandidate lowRank = BIG_BEFORE_SMALL.rank("big", 0.3, 15);
    Map<String, List<LayerCandidate>> offers =
        Map.of("big", List.of(lowRank), "small", List.of(dropping));
    long both = 15L * (16 * 9 + 20) + 20 * 2;
    double factor = (double) BIG_BEFORE_SMALL.layers().total().weights() / both;

    CompressionPlan plan = plan(BIG_BEFORE_SMALL, offers, "params=" + (factor - 1e-6));

    assertThat(plan.cost().weights()).isEqualTo(both);
    assertThatThrownBy(() -> plan(BIG_BEFORE_SMALL, offers, "params=" + (factor + 0.01)))
        .isInstanceOf(InputException.class);
  }

  @Test
  void aTargetOutOfReachIsRefusedWithTheLargestFactor() {
    LayerCost total = BIG_BEFORE_SMALL.layers().total();
    LayerCandidate lowRank = BIG_BEFORE_SMALL.rank("big", 0.3, 10);
    long least = 10 * (16 * 9 + 40) + 80;
    Map<String, List<LayerCandidate>> offers = Map.of("big", List.of(lowRank), "small", List.of());

    assertThatThrownBy(() -> plan(BIG_BEFORE_SMALL, offers, "params=5,macs=1.1"))
        .isInstanceOfSatisfying(
            InputException.class,
            refused -> assertThat(refused.kind()).isEqualTo(InputException.Kind.USAGE))
        .hasMessageContaining("target params=5.0: at most " + total.weights() / 5 + " of")
        .hasMessageContaining("at least about " + least + " do")
        .hasMessageContaining("about %.3f".formatted(floor(total.weights(), least)))
        .hasMessageNotContaining("macs=1.1");
  }

  @Test
  void theLargestFactorThatIsNamedCountsWhatDroppedChannelsSave() {
    Map<String, List<LayerCandidate>> offers =
        Map.of("big", List.of(), "small", List.of(BIG_BEFORE_SMALL.channels("small", 0.2, 20)));

    assertThatThrownBy(() -> plan(BIG_BEFORE_SMALL, offers, "params=3"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the largest factor that can be reached is about 2.000");
    assertThat(plan(BIG_BEFORE_SMALL, offers, "params=2").layers().get(1).choice().isKeep())
        .isFalse();
  }

  /** Whatever the losses are, against every plan that there is. */
  @Test
  void plansOfAFewCandidatesAreCloseToTheBestThereIs() {
    Random random = new Random(9);
    double ours = 0;
    double best = 0;
    for (int trial = 0; trial < 40; trial++) {
      Map<String, List<LayerCandidate>> offers =
          Map.of(
              "first", List.of(CHAIN.rank("first", random.nextDouble(), 4)),
              "wide",
                  List.of(
                      CHAIN.rank("wide", random.nextDouble(), 7),
                      CHAIN.channels("wide", random.nextDouble(), 6)),
              "last",
                  List.of(
                      CHAIN.rank("last", random.nextDouble(), 3),
                      CHAIN.channels("last", random.nextDouble(), 8)),
              "dense", List.of(CHAIN.channels("dense", random.nextDouble(), 4)));
      double factor = 1.1 + 1.4 * random.nextDouble();
      double optimum = optimum(CHAIN, offers, factor);

      CompressionPlan plan = plan(CHAIN, offers, "params=" + factor);

      assertThat(plan.loss()).isGreaterThanOrEqualTo(optimum - 1e-9);
      ours += plan.loss();
      best += optimum;
    }
    assertThat(ours).isLessThan(1.25 * best);
  }

  private static double optimum(
      PlannedNetwork network, Map<String, List<LayerCandidate>> offers, double factor) {
    List<Layer> layers = network.layers().compressible();
    List<List<LayerCandidate>> plans = new ArrayList<>(List.of(List.of()));
    for (Layer layer : layers) {
      List<List<LayerCandidate>> longer = new ArrayList<>();
      for (List<LayerCandidate> plan : plans) {
        for (LayerCandidate candidate : withKeep(layer, offers)) {
          List<LayerCandidate> next = new ArrayList<>(plan);
          next.add(candidate);
          longer.add(next);
        }
      }
      plans = longer;
    }
    double budget = Math.floor(network.layers().total().weights() / factor);
    double best = Double.POSITIVE_INFINITY;
    for (List<LayerCandidate> plan : plans) {
      List<int[]> unread = network.unread().of(plan);
      long weights = 0;
      double loss = 0;
      for (int k = 0; k < plan.size(); k++) {
        weights += plan.get(k).costWithout(layers.get(k), unread.get(k)).weights();
        loss += plan.get(k).error();
      }
      best = weights <= budget ? Math.min(best, loss) : best;
    }
    assertThat(best).as("the factor can be reached").isFinite();
    return best;
  }

  private static double floor(long total, long least) {
    return Math.floor(1000.0 * total / least) / 1000;
  }

  private static List<LayerCandidate> withKeep(
      Layer layer, Map<String, List<LayerCandidate>> offers) {
    List<LayerCandidate> all = new ArrayList<>(List.of(LayerCandidate.keep(layer)));
    all.addAll(offers.get(layer.name()));
    return all;
  }

  private static CompressionPlan plan(
      PlannedNetwork network, Map<String, List<LayerCandidate>> offers, String goal) {
    Planner.Material material = network.material(layer -> withKeep(layer, offers), NO_RULES);
    return new Planner(material, Goal.parse(goal).targets(), network).plan();
  }

  private static CompressionPlan plan(PlannedNetwork network, LayerRules rules, String goal) {
    Planner.Material material = network.material(layer -> network.candidates(layer.name()), rules);
    return new Planner(material, Goal.parse(goal).targets(), network).plan();
  }

  /** The layers that a plan gives structures to fit. */
  private static List<String> fitted(CompressionPlan plan) {
    return plan.layers().stream()
        .map(LayerPlan::layer)
        .filter(layer -> plan.structures().containsKey(new LayerGroup(layer.index(), 0)))
        .map(Layer::name)
        .toList();
  }
}
