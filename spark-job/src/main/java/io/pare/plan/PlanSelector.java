package io.pare.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Picks one option per layer so that the sum of costs stays within every budget and the sum of
 * losses is as small as possible (algorithm.md section 5). The optimum is bounded from below by the
 * Lagrangian dual, so that every selection says how far from it it can be at most. Stateless,
 * deterministic.
 */
public final class PlanSelector {

  private PlanSelector() {}

  /**
   * One thing that a layer can become.
   *
   * @param choice the decision
   * @param costs what it takes of each budget, at least 0
   * @param loss how much it hurts, finite and at least 0
   * @param <T> the decision
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Option<T>(T choice, long[] costs, double loss) {
    public Option {
      if (!Double.isFinite(loss) || loss < 0) {
        throw new IllegalArgumentException(choice + " with a loss of " + loss + " is no option");
      }
      for (long cost : costs) {
        if (cost < 0) {
          throw new IllegalArgumentException(choice + " with a cost of " + cost + " is no option");
        }
      }
    }
  }

  /**
   * A selection.
   *
   * @param options the chosen option of each layer
   * @param loss their total loss
   * @param bound no selection within the budgets has a loss below this
   * @param <T> the decision
   */
  public record Selection<T>(List<Option<T>> options, double loss, double bound) {
    /** How much of the loss better planning could save at most. */
    public double gap() {
      return Math.max(0, loss - bound);
    }

    /** The total cost under one of the budgets. */
    public long cost(int budget) {
      return options.stream().mapToLong(option -> option.costs()[budget]).sum();
    }
  }

  /**
   * Selects.
   *
   * @param layers the options of each layer, at least one each
   * @param budgets the largest total costs, at least one, each at least 0
   * @return empty where no selection was found within all budgets; with a single budget, where
   *     there is none
   */
  public static <T> Optional<Selection<T>> select(List<List<Option<T>>> layers, long... budgets) {
    double[][] losses = new double[layers.size()][];
    long[][][] costs = new long[layers.size()][][];
    for (int k = 0; k < losses.length; k++) {
      losses[k] = layers.get(k).stream().mapToDouble(Option::loss).toArray();
      costs[k] = layers.get(k).stream().map(Option::costs).toArray(long[][]::new);
    }
    return new Knapsack(losses, costs, budgets)
        .solve()
        .map(solution -> selection(layers, solution));
  }

  private static <T> Selection<T> selection(
      List<List<Option<T>>> layers, Knapsack.Solution solution) {
    List<Option<T>> chosen = new ArrayList<>();
    for (int k = 0; k < layers.size(); k++) {
      chosen.add(layers.get(k).get(solution.picks()[k]));
    }
    return new Selection<>(List.copyOf(chosen), solution.loss(), solution.bound());
  }
}
