package io.pare.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.PlanSelector.Option;
import io.pare.algorithm.PlanSelector.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PlanSelectorTest {

  @Test
  void theBudgetIsKeptAndTheBoundHoldsAgainstBruteForce() {
    SplittableRandom random = new SplittableRandom(11);
    for (int trial = 0; trial < 200; trial++) {
      List<List<Option<Structure>>> layers = new ArrayList<>();
      for (int k = 0; k < 4; k++) {
        layers.add(randomOptions(random));
      }
      long cheapest = layers.stream().mapToLong(l -> l.get(0).cost()).sum();
      long budget = cheapest + random.nextLong(200);
      Selection<Structure> selection = PlanSelector.select(layers, budget);
      double optimum = bruteForce(layers, 0, budget);
      assertThat(selection.cost()).isLessThanOrEqualTo(budget);
      assertThat(selection.bound()).isLessThanOrEqualTo(optimum + 1e-9);
      assertThat(selection.loss()).isGreaterThanOrEqualTo(optimum - 1e-9);
      assertThat(selection.loss() - optimum).isLessThanOrEqualTo(selection.gap() + 1e-9);
    }
  }

  @Test
  void manySmallStepsReachTheOptimum() {
    List<List<Option<Structure>>> layers = new ArrayList<>();
    for (int k = 1; k <= 3; k++) {
      List<Option<Structure>> options = new ArrayList<>();
      for (int rank = 1; rank <= 100; rank++) {
        options.add(
            new Option<>(
                Structure.of(new LowRank.Channel(rank)), rank, k * Math.exp(-rank / 20.0)));
      }
      layers.add(options);
    }
    Selection<Structure> selection = PlanSelector.select(layers, 150);
    assertThat(selection.cost()).isEqualTo(150);
    assertThat(selection.gap()).isLessThan(1e-3 * selection.loss());
    assertThat(selection.options().get(2).cost()).isGreaterThan(selection.options().get(0).cost());
  }

  @Test
  void aBudgetForEverythingKeepsEverything() {
    List<Option<Structure>> options =
        List.of(
            new Option<>(Structure.of(new LowRank.Channel(1)), 10, 1),
            new Option<>(Structure.keep(), 30, 0));
    Selection<Structure> selection = PlanSelector.select(List.of(options, options), 60);
    assertThat(selection.options()).allMatch(o -> o.choice().isKeep());
    assertThat(selection.loss()).isCloseTo(0, within(0.0));
  }

  @Test
  void aBudgetBelowTheCheapestOptionsIsRefused() {
    List<Option<Structure>> options =
        List.of(new Option<>(Structure.of(new LowRank.Channel(1)), 10, 1));
    assertThatThrownBy(() -> PlanSelector.select(List.of(options), 9))
        .hasMessage("the cheapest options cost 10, more than the budget of 9");
  }

  private static List<Option<Structure>> randomOptions(SplittableRandom random) {
    List<Option<Structure>> options = new ArrayList<>();
    long cost = 1 + random.nextLong(20);
    double loss = 10;
    for (int rank = 1; rank <= 6; rank++) {
      options.add(new Option<>(Structure.of(new LowRank.Channel(rank)), cost, loss));
      cost += 1 + random.nextLong(30);
      loss *= random.nextDouble();
    }
    return options;
  }

  private static double bruteForce(List<List<Option<Structure>>> layers, int layer, long budget) {
    if (layer == layers.size()) {
      return 0;
    }
    double best = Double.POSITIVE_INFINITY;
    for (Option<Structure> option : layers.get(layer)) {
      if (option.cost() <= budget) {
        best =
            Math.min(best, option.loss() + bruteForce(layers, layer + 1, budget - option.cost()));
      }
    }
    return best;
  }
}
