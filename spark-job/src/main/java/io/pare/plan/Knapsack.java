package io.pare.plan;

import java.util.Arrays;
import java.util.Optional;

/**
 * A multiple-choice knapsack with one or several budgets: one pick of each layer, least total loss,
 * every total cost within its budget.
 *
 * <p>Budgets are joined into one by weights on the simplex, {@code s = sum_k w_k c_k / budget_k <=
 * 1}; the {@link Envelopes} of that single cost give the Lagrangian dual for these weights, a lower
 * bound of every solution, and picks close to it. With several budgets the weights follow the
 * subgradient of the dual (multiplicatively), and the best bound and the best repaired picks of all
 * rounds are kept. Picks that break a budget are exchanged where that costs least, and what is left
 * of the budgets is filled with the exchanges that lower the loss most. Not thread-safe.
 */
final class Knapsack {
  private static final int ROUNDS = 60;

  private final double[][] losses;
  private final long[][][] costs;
  private final long[] budgets;

  /**
   * A problem.
   *
   * @param losses by layer and option, at least 0
   * @param costs by layer, option and budget, at least 0
   * @param budgets at least one, each at least 0
   */
  Knapsack(double[][] losses, long[][][] costs, long[] budgets) {
    this.losses = losses;
    this.costs = costs;
    this.budgets = budgets;
  }

  /**
   * A solution.
   *
   * @param picks option of each layer
   * @param loss their sum
   * @param bound no solution has a loss below this
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Solution(int[] picks, double loss, double bound) {}

  /** Solves; empty where no picks within all budgets were found. */
  Optional<Solution> solve() {
    double[] weights = new double[budgets.length];
    Arrays.fill(weights, 1.0 / budgets.length);
    double bound = 0;
    Optional<int[]> best = Optional.empty();
    for (int round = 0; round < (budgets.length == 1 ? 1 : ROUNDS); round++) {
      Envelopes.Walk walk = new Envelopes(losses, joined(weights)).walk(1);
      bound = Math.max(bound, walk.bound());
      int[] picks = walk.picks().clone();
      if (repair(picks)) {
        fill(picks);
        if (best.isEmpty() || loss(picks) < loss(best.get())) {
          best = Optional.of(picks);
        }
      }
      follow(weights, totals(walk.picks()), 1 / Math.sqrt(1.0 + round));
    }
    double reached = bound;
    return best.map(picks -> new Solution(picks, loss(picks), Math.min(reached, loss(picks))));
  }

  private double[][] joined(double[] weights) {
    double[][] joined = new double[costs.length][];
    for (int layer = 0; layer < costs.length; layer++) {
      joined[layer] = new double[costs[layer].length];
      for (int option = 0; option < joined[layer].length; option++) {
        for (int k = 0; k < budgets.length; k++) {
          joined[layer][option] += weights[k] * share(costs[layer][option][k], k);
        }
      }
    }
    return joined;
  }

  private double share(long cost, int budget) {
    return (double) cost / Math.max(1, budgets[budget]);
  }

  /** Moves the weights towards the budgets that are broken. */
  private void follow(double[] weights, long[] totals, double step) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      weights[k] = Math.max(1e-6, weights[k] * Math.exp(step * (share(totals[k], k) - 1)));
      sum += weights[k];
    }
    for (int k = 0; k < weights.length; k++) {
      weights[k] /= sum;
    }
  }

  /** Exchanges picks until every budget holds; false where no exchange helps any more. */
  private boolean repair(int[] picks) {
    long[] totals = totals(picks);
    double broken = broken(totals, 0, 0, 0);
    while (broken > 0) {
      int layer = -1;
      int option = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int l = 0; l < picks.length; l++) {
        for (int o = 0; o < losses[l].length; o++) {
          double helped = broken - broken(totals, l, picks[l], o);
          double price = (losses[l][o] - losses[l][picks[l]]) / helped;
          if (helped > 0 && price < least) {
            least = price;
            layer = l;
            option = o;
          }
        }
      }
      if (layer < 0) {
        return false;
      }
      exchange(totals, picks, layer, option);
      broken = broken(totals, layer, option, option);
    }
    return true;
  }

  /** Single exchanges that lower the loss most, while the budgets allow one. */
  private void fill(int[] picks) {
    long[] totals = totals(picks);
    while (true) {
      int layer = -1;
      int option = -1;
      double gain = 0;
      for (int l = 0; l < picks.length; l++) {
        for (int o = 0; o < losses[l].length; o++) {
          double saved = losses[l][picks[l]] - losses[l][o];
          if (saved > gain && broken(totals, l, picks[l], o) == 0) {
            gain = saved;
            layer = l;
            option = o;
          }
        }
      }
      if (layer < 0) {
        return;
      }
      exchange(totals, picks, layer, option);
    }
  }

  private void exchange(long[] totals, int[] picks, int layer, int option) {
    for (int k = 0; k < totals.length; k++) {
      totals[k] += costs[layer][option][k] - costs[layer][picks[layer]][k];
    }
    picks[layer] = option;
  }

  /** By how much the budgets would be broken after an exchange, relative to them. */
  private double broken(long[] totals, int layer, int from, int to) {
    double sum = 0;
    for (int k = 0; k < budgets.length; k++) {
      long total = totals[k] + costs[layer][to][k] - costs[layer][from][k];
      sum += Math.max(0, share(total - budgets[k], k));
    }
    return sum;
  }

  private long[] totals(int[] picks) {
    long[] totals = new long[budgets.length];
    for (int layer = 0; layer < picks.length; layer++) {
      for (int k = 0; k < totals.length; k++) {
        totals[k] = Math.addExact(totals[k], costs[layer][picks[layer]][k]);
      }
    }
    return totals;
  }

  private double loss(int[] picks) {
    double sum = 0;
    for (int layer = 0; layer < picks.length; layer++) {
      sum += losses[layer][picks[layer]];
    }
    return sum;
  }
}
