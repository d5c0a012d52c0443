package io.pare.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The lower convex envelopes of (cost, loss) of all layers: what the Lagrangian of a knapsack with
 * a single budget picks from. Immutable.
 */
final class Envelopes {
  private final double[][] losses;
  private final double[][] costs;
  private final int[][] hulls;

  /** Envelopes of the options of each layer, at least one each. */
  Envelopes(double[][] losses, double[][] costs) {
    this.losses = losses;
    this.costs = costs;
    hulls = new int[losses.length][];
    for (int layer = 0; layer < hulls.length; layer++) {
      hulls[layer] = hull(layer);
    }
  }

  /**
   * Where a walk along the envelopes ended.
   *
   * @param picks option of each layer
   * @param bound the value of the Lagrangian dual: no picks within the budget have less loss
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Walk(int[] picks, double bound) {}

  private record Step(int layer, int option, double cost, double slope) {}

  /**
   * Starts from the cheapest options and takes the steepest steps while they fit, up to the first
   * that does not: its slope is the multiplier. The cheapest options are picked even where they
   * break the budget.
   */
  Walk walk(double budget) {
    int[] picks = new int[hulls.length];
    double left = budget;
    List<Step> steps = new ArrayList<>();
    for (int layer = 0; layer < hulls.length; layer++) {
      picks[layer] = hulls[layer][0];
      left -= costs[layer][picks[layer]];
      for (int k = 1; k < hulls[layer].length; k++) {
        int from = hulls[layer][k - 1];
        int to = hulls[layer][k];
        steps.add(
            new Step(layer, to, costs[layer][to] - costs[layer][from], slope(layer, from, to)));
      }
    }
    steps.sort(Comparator.comparingDouble(Step::slope).reversed());
    double multiplier = 0;
    for (Step step : steps) {
      if (step.cost() > left) {
        multiplier = step.slope();
        break;
      }
      left -= step.cost();
      picks[step.layer()] = step.option();
    }
    return new Walk(picks, dual(multiplier, budget));
  }

  private double dual(double multiplier, double budget) {
    double value = -multiplier * budget;
    for (int layer = 0; layer < hulls.length; layer++) {
      double least = Double.POSITIVE_INFINITY;
      for (int option : hulls[layer]) {
        least = Math.min(least, losses[layer][option] + multiplier * costs[layer][option]);
      }
      value += least;
    }
    return value;
  }

  /** Options in order of cost, each with less loss than all cheaper ones, on the convex hull. */
  private int[] hull(int layer) {
    Integer[] order = new Integer[losses[layer].length];
    Arrays.setAll(order, k -> k);
    Arrays.sort(
        order,
        Comparator.<Integer>comparingDouble(k -> costs[layer][k])
            .thenComparingDouble(k -> losses[layer][k]));
    Deque<Integer> hull = new ArrayDeque<>();
    for (int option : order) {
      if (!hull.isEmpty() && losses[layer][option] >= losses[layer][hull.peekLast()]) {
        continue;
      }
      while (hull.size() > 1) {
        int last = hull.removeLast();
        if (slope(layer, last, option) < slope(layer, hull.peekLast(), last)) {
          hull.addLast(last);
          break;
        }
      }
      hull.addLast(option);
    }
    return hull.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Loss saved per unit of cost between two options, positive; infinite at equal cost. */
  private double slope(int layer, int from, int to) {
    return (losses[layer][from] - losses[layer][to]) / (costs[layer][to] - costs[layer][from]);
  }
}
