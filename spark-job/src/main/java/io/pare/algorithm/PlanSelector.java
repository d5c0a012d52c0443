package io.pare.algorithm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Picks one option per layer so that the sum of costs stays within a budget and the sum of losses
 * is as small as possible (algorithm.md section 5): a multiple-choice knapsack.
 *
 * <p>Walking the lower convex envelopes of all layers by slope gives the Lagrangian solution; what
 * is then left of the budget is filled with the single exchanges that lower the loss most. The
 * Lagrangian bound tells how far from the optimum the result can be at most. Stateless,
 * deterministic.
 */
public final class PlanSelector {

  private PlanSelector() {}

  /**
   * One thing that a layer can become.
   *
   * @param choice the decision
   * @param cost what it takes of the budget
   * @param loss how much it hurts, finite and at least 0
   * @param <T> the decision
   */
  public record Option<T>(T choice, long cost, double loss) {
    public Option {
      if (!Double.isFinite(loss) || loss < 0 || cost < 0) {
        throw new IllegalArgumentException(
            choice + " with cost " + cost + " and loss " + loss + " is no option");
      }
    }
  }

  /**
   * A selection.
   *
   * @param options the chosen option of each layer
   * @param cost their total cost, at most the budget
   * @param loss their total loss
   * @param bound no selection within the budget has a loss below this
   * @param <T> the decision
   */
  public record Selection<T>(List<Option<T>> options, long cost, double loss, double bound) {
    /** How much of the loss better planning could save at most. */
    public double gap() {
      return Math.max(0, loss - bound);
    }
  }

  /**
   * Selects.
   *
   * @param layers the options of each layer, at least one each
   * @param budget the largest total cost
   * @throws IllegalArgumentException when even the cheapest options cost more than the budget
   */
  public static <T> Selection<T> select(List<List<Option<T>>> layers, long budget) {
    List<List<Option<T>>> envelopes = layers.stream().map(options -> envelope(options)).toList();
    int[] place = new int[layers.size()];
    long cost = envelopes.stream().mapToLong(e -> e.get(0).cost()).sum();
    if (cost > budget) {
      throw new IllegalArgumentException(
          "the cheapest options cost " + cost + ", more than the budget of " + budget);
    }
    double slope = walk(envelopes, place, budget - cost);
    List<Option<T>> chosen = new ArrayList<>();
    for (int k = 0; k < place.length; k++) {
      chosen.add(envelopes.get(k).get(place[k]));
    }
    double bound = bound(envelopes, slope, budget);
    fill(layers, chosen, budget);
    return new Selection<>(
        List.copyOf(chosen),
        chosen.stream().mapToLong(Option::cost).sum(),
        chosen.stream().mapToDouble(Option::loss).sum(),
        bound);
  }

  /** Options in order of cost, each with less loss than all cheaper ones, on the convex hull. */
  private static <T> List<Option<T>> envelope(List<Option<T>> options) {
    List<Option<T>> sorted = new ArrayList<>(options);
    sorted.sort(
        Comparator.<Option<T>>comparingLong(Option::cost).thenComparingDouble(Option::loss));
    List<Option<T>> hull = new ArrayList<>();
    for (Option<T> option : sorted) {
      if (!hull.isEmpty() && option.loss() >= hull.get(hull.size() - 1).loss()) {
        continue;
      }
      while (hull.size() > 1
          && slope(hull.get(hull.size() - 1), option)
              >= slope(hull.get(hull.size() - 2), hull.get(hull.size() - 1))) {
        hull.remove(hull.size() - 1);
      }
      hull.add(option);
    }
    return hull;
  }

  /** Loss saved per unit of cost between two options, positive. */
  private static double slope(Option<?> cheap, Option<?> dear) {
    return (cheap.loss() - dear.loss()) / (dear.cost() - cheap.cost());
  }

  /**
   * Takes the steepest steps while they fit, up to the first that does not.
   *
   * @return the slope of the first step that did not fit: the multiplier; 0 when all fitted
   */
  private static <T> double walk(List<List<Option<T>>> envelopes, int[] place, long room) {
    long left = room;
    while (true) {
      int best = -1;
      double steepest = 0;
      for (int k = 0; k < place.length; k++) {
        List<Option<T>> envelope = envelopes.get(k);
        if (place[k] + 1 < envelope.size()) {
          double slope = slope(envelope.get(place[k]), envelope.get(place[k] + 1));
          if (slope > steepest) {
            steepest = slope;
            best = k;
          }
        }
      }
      if (best < 0) {
        return 0;
      }
      List<Option<T>> envelope = envelopes.get(best);
      long step = envelope.get(place[best] + 1).cost() - envelope.get(place[best]).cost();
      if (step > left) {
        return steepest;
      }
      left -= step;
      place[best]++;
    }
  }

  /** The value of the Lagrangian dual: a lower bound of the loss of every selection. */
  private static <T> double bound(List<List<Option<T>>> envelopes, double multiplier, long budget) {
    double value = -multiplier * budget;
    for (List<Option<T>> envelope : envelopes) {
      value +=
          envelope.stream().mapToDouble(o -> o.loss() + multiplier * o.cost()).min().orElseThrow();
    }
    return value;
  }

  private static <T> void fill(List<List<Option<T>>> layers, List<Option<T>> chosen, long budget) {
    long left = budget - chosen.stream().mapToLong(Option::cost).sum();
    while (true) {
      int layer = -1;
      Optional<Option<T>> best = Optional.empty();
      double gain = 0;
      for (int k = 0; k < layers.size(); k++) {
        Option<T> present = chosen.get(k);
        for (Option<T> option : layers.get(k)) {
          if (option.cost() - present.cost() <= left && present.loss() - option.loss() > gain) {
            gain = present.loss() - option.loss();
            layer = k;
            best = Optional.of(option);
          }
        }
      }
      if (layer < 0) {
        return;
      }
      left -= best.get().cost() - chosen.get(layer).cost();
      chosen.set(layer, best.get());
    }
  }
}
