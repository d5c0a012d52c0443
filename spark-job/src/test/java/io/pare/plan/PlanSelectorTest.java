package io.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.plan.PlanSelector.Option;
import io.pare.plan.PlanSelector.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanSelectorTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void budgetsAreKeptAndTheBoundHoldsAgainstBruteForce(int budgets) {
    SplittableRandom random = new SplittableRandom(11 + budgets);
    int solved = 0;
    for (int trial = 0; trial < 200; trial++) {
      List<List<Option<Structure>>> layers = new ArrayList<>();
      for (int k = 0; k < 4; k++) {
        layers.add(randomOptions(random, budgets));
      }
      long[] limits = new long[budgets];
      for (int k = 0; k < budgets; k++) {
        int budget = k;
        limits[k] =
            layers.stream()
                    .mapToLong(
                        l -> l.stream().mapToLong(o -> o.costs()[budget]).min().orElseThrow())
                    .sum()
                + random.nextLong(200);
      }
      double optimum = bruteForce(layers, 0, limits);
      Optional<Selection<Structure>> selection = PlanSelector.select(layers, limits);
      if (Double.isInfinite(optimum)) {
        assertThat(selection).isEmpty();
        continue;
      }
      assertThat(budgets > 1 || selection.isPresent()).isTrue();
      if (selection.isPresent()) {
        solved++;
        for (int k = 0; k < budgets; k++) {
          assertThat(selection.get().cost(k)).isLessThanOrEqualTo(limits[k]);
        }
        assertThat(selection.get().bound()).isLessThanOrEqualTo(optimum + 1e-9);
        assertThat(selection.get().loss()).isGreaterThanOrEqualTo(optimum - 1e-9);
        assertThat(selection.get().loss() - optimum)
            .isLessThanOrEqualTo(selection.get().gap() + 1e-9);
      }
    }
    assertThat(solved).isGreaterThan(150);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void manySmallStepsReachTheOptimum(int budgets) {
    List<List<Option<Structure>>> layers = new ArrayList<>();
    for (int k = 1; k <= 3; k++) {
      List<Option<Structure>> options = new ArrayList<>();
      for (int rank = 1; rank <= 100; rank++) {
        long[] costs = new long[budgets];
        Arrays.fill(costs, rank);
        options.add(
            new Option<>(
                Structure.of(new LowRank(Form.CHANNEL, rank)), costs, k * Math.exp(-rank / 20.0)));
      }
      layers.add(options);
    }
    long[] limits = new long[budgets];
    Arrays.fill(limits, 150);
    Selection<Structure> selection = PlanSelector.select(layers, limits).orElseThrow();
    assertThat(selection.cost(0)).isEqualTo(150);
    assertThat(selection.gap()).isLessThan(1e-3 * selection.loss());
    assertThat(selection.options().get(2).costs()[0])
        .isGreaterThan(selection.options().get(0).costs()[0]);
  }

  @Test
  void theTighterOfTwoBudgetsDecides() {
    List<Option<Structure>> options =
        List.of(
            option(1, 5, 10, 30),
            option(2, 2, 20, 10),
            new Option<>(Structure.keep(), new long[] {30, 30}, 0));
    Selection<Structure> selection =
        PlanSelector.select(List.of(options, options), 60, 40).orElseThrow();
    assertThat(selection.cost(1)).isLessThanOrEqualTo(40);
    assertThat(selection.loss()).isCloseTo(2, within(1e-12));
  }

  @Test
  void aBudgetForEverythingKeepsEverything() {
    List<Option<Structure>> options =
        List.of(option(1, 1, 10), new Option<>(Structure.keep(), new long[] {30}, 0));
    Selection<Structure> selection =
        PlanSelector.select(List.of(options, options), 60).orElseThrow();
    assertThat(selection.options()).allMatch(o -> o.choice().isKeep());
    assertThat(selection.loss()).isCloseTo(0, within(0.0));
  }

  @Test
  void aBudgetBelowTheCheapestOptionsHasNoSelection() {
    assertThat(PlanSelector.select(List.of(List.of(option(1, 1, 10))), 9)).isEmpty();
  }

  @Test
  void anOptionWithoutALossIsRefused() {
    assertThatThrownBy(() -> option(1, Double.NaN, 10)).hasMessageContaining("loss of NaN");
    assertThatThrownBy(() -> option(1, 0, -1)).hasMessageContaining("cost of -1");
  }

  private static Option<Structure> option(int rank, double loss, long... costs) {
    return new Option<>(Structure.of(new LowRank(Form.CHANNEL, rank)), costs, loss);
  }

  private static List<Option<Structure>> randomOptions(SplittableRandom random, int budgets) {
    List<Option<Structure>> options = new ArrayList<>();
    long[] costs = new long[budgets];
    Arrays.setAll(costs, k -> 1 + random.nextLong(20));
    double loss = 10;
    for (int rank = 1; rank <= 6; rank++) {
      options.add(option(rank, loss, costs.clone()));
      Arrays.setAll(costs, k -> costs[k] + random.nextLong(30));
      loss *= random.nextDouble();
    }
    return options;
  }

  private static double bruteForce(
      List<List<Option<Structure>>> layers, int layer, long[] budgets) {
    if (layer == layers.size()) {
      return 0;
    }
    double best = Double.POSITIVE_INFINITY;
    for (Option<Structure> option : layers.get(layer)) {
      long[] left = budgets.clone();
      Arrays.setAll(left, k -> left[k] - option.costs()[k]);
      if (Arrays.stream(left).allMatch(l -> l >= 0)) {
        best = Math.min(best, option.loss() + bruteForce(layers, layer + 1, left));
      }
    }
    return best;
  }
}
