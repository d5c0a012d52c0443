package io.pare.job.plan;

import io.pare.InputException;
import io.pare.algorithm.LayerCost;
import io.pare.algorithm.PlanSelector;
import io.pare.algorithm.PlanSelector.Option;
import io.pare.algorithm.PlanSelector.Selection;
import io.pare.model.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Plans a network under budgets. A layer that drops input channels saves filters of the layers
 * before it, so that what a candidate costs depends on the others' choices: the plan is made anew
 * with the savings of the last one until it repeats, and only plans count whose network, written
 * with that structure, keeps every budget.
 */
public final class Planner {
  private static final int ROUNDS = 10;
  private static final int[] NONE = new int[0];

  private final Material material;
  private final Pricing pricing;
  private final long[] totals;
  private final WrittenCosts written;

  /**
   * What there is to plan with.
   *
   * @param layers what each compressible layer that may change can become
   * @param pinned compressible layers that the user wants kept
   * @param unread follows the channels between all of them
   * @param rules for single layers
   * @param times of the layers, where a target needs them
   * @param bytesPerWeight of the network's weights
   */
  public record Material(
      List<LayerOptions.Priced> layers,
      List<Layer> pinned,
      UnreadFilters unread,
      LayerRules rules,
      LayerTimes times,
      int bytesPerWeight) {}

  /** Costs of whole networks under the targets, in their order. */
  public interface WrittenCosts {
    /** Those of the original. */
    long[] ofOriginal(List<Target> targets);

    /** Those of the network that a plan leads to, found by writing its structure. */
    long[] of(CompressionPlan plan, List<Target> targets);
  }

  /**
   * A planner.
   *
   * @param targets at least one
   */
  public Planner(Material material, List<Target> targets, WrittenCosts written) {
    this.material = material;
    this.written = written;
    pricing = new Pricing(targets, material.bytesPerWeight(), material.times());
    totals = written.ofOriginal(targets);
  }

  /**
   * The plan of least expected loss.
   *
   * @throws InputException when a target cannot be reached
   */
  public CompressionPlan plan() {
    long[] budgets = new long[totals.length];
    for (int k = 0; k < budgets.length; k++) {
      budgets[k] = (long) Math.floor(totals[k] / pricing.targets().get(k).factor());
    }
    return plan(budgets);
  }

  private CompressionPlan plan(long[] budgets) {
    List<List<LayerCandidate>> candidates = candidates();
    List<LayerCandidate> present =
        material.unread().layers().stream().map(LayerCandidate::keep).toList();
    long[] room = budgets.clone();
    Optional<CompressionPlan> best = Optional.empty();
    String last = "";
    for (int round = 0; round < ROUNDS; round++) {
      Round offer = new Round(candidates, present);
      Optional<Selection<LayerCandidate>> selection =
          PlanSelector.select(offer.options(), minus(room, offer.fixed()));
      if (selection.isEmpty()) {
        break;
      }
      CompressionPlan plan = plan(selection.get());
      long[] costs = written.of(plan, pricing.targets());
      if (holds(costs, budgets)) {
        if (best.isEmpty() || plan.loss() < best.get().loss()) {
          best = Optional.of(plan);
        }
        if (plan.description().equals(last)) {
          break;
        }
      }
      for (int k = 0; k < room.length; k++) {
        // What the prices have missed; more than that where it was too much, so that a circle ends.
        long missed = costs[k] - selection.get().cost(k) - offer.fixed()[k];
        room[k] = budgets[k] - missed - Math.max(0, costs[k] - budgets[k]) * round / ROUNDS;
      }
      last = plan.description();
      present = plan.layers().stream().map(LayerPlan::choice).toList();
    }
    return best.orElseThrow(() -> unreachable(candidates, budgets));
  }

  /** The options of one round, priced beside the choices of the round before. */
  private final class Round {
    private final List<List<Option<LayerCandidate>>> options = new ArrayList<>();
    private final long[] fixed = totals.clone();

    Round(List<List<LayerCandidate>> candidates, List<LayerCandidate> present) {
      List<Layer> layers = material.unread().layers();
      for (LayerOptions.Priced layer : material.layers()) {
        int place = layers.indexOf(layer.options().layer());
        long[] asItWas =
            pricing.costs(layers.get(place), LayerCandidate.keep(layers.get(place)), NONE);
        for (int k = 0; k < fixed.length; k++) {
          fixed[k] -= asItWas[k];
        }
        options.add(
            candidates.get(options.size()).stream()
                .map(c -> option(layer, c, saved(present, place, c)))
                .toList());
      }
    }

    private Option<LayerCandidate> option(
        LayerOptions.Priced layer, LayerCandidate candidate, long[] saved) {
      long[] costs = pricing.costs(layer.options().layer(), candidate, NONE);
      for (int k = 0; k < costs.length; k++) {
        costs[k] = Math.max(0, costs[k] - saved[k]);
      }
      return new Option<>(candidate, costs, layer.sensitivity().divergence(candidate.error()));
    }

    /** What a candidate saves in the other layers as they are chosen at present. */
    private long[] saved(List<LayerCandidate> present, int place, LayerCandidate candidate) {
      long[] saved = new long[fixed.length];
      if (!candidate.dropsChannels()) {
        return saved;
      }
      List<LayerCandidate> with = new ArrayList<>(present);
      with.set(place, candidate);
      List<LayerCandidate> without = new ArrayList<>(present);
      without.set(place, LayerCandidate.keep(material.unread().layers().get(place)));
      add(saved, others(without, place), 1);
      add(saved, others(with, place), -1);
      return saved;
    }

    private long[] others(List<LayerCandidate> choices, int place) {
      List<Layer> layers = material.unread().layers();
      List<int[]> unread = material.unread().of(choices);
      long[] sum = new long[fixed.length];
      for (int k = 0; k < layers.size(); k++) {
        if (k != place && unread.get(k).length > 0) {
          add(sum, pricing.costs(layers.get(k), choices.get(k), unread.get(k)), 1);
          add(sum, pricing.costs(layers.get(k), choices.get(k), NONE), -1);
        }
      }
      return sum;
    }

    private static void add(long[] sum, long[] costs, int sign) {
      for (int k = 0; k < sum.length; k++) {
        sum[k] += sign * costs[k];
      }
    }

    List<List<Option<LayerCandidate>>> options() {
      return options;
    }

    long[] fixed() {
      return fixed;
    }
  }

  private List<List<LayerCandidate>> candidates() {
    List<List<LayerCandidate>> candidates = new ArrayList<>();
    for (LayerOptions.Priced layer : material.layers()) {
      candidates.add(material.rules().allowed(layer.options().layer(), layer.options().all()));
    }
    return candidates;
  }

  private CompressionPlan plan(Selection<LayerCandidate> selection) {
    List<LayerPlan> plans = new ArrayList<>();
    for (int k = 0; k < material.layers().size(); k++) {
      Option<LayerCandidate> option = selection.options().get(k);
      Layer layer = material.layers().get(k).options().layer();
      plans.add(
          new LayerPlan(
              layer,
              option.choice(),
              LayerCost.ZERO,
              option.loss(),
              true,
              option.choice().isKeep() ? "the plan spends its budget here" : ""));
    }
    for (Layer layer : material.pinned()) {
      plans.add(
          new LayerPlan(
              layer, LayerCandidate.keep(layer), LayerCost.ZERO, 0, false, "kept as configured"));
    }
    plans.sort(Comparator.comparingInt(plan -> plan.layer().index()));
    return new CompressionPlan(priced(plans), selection.loss(), selection.gap());
  }

  private List<LayerPlan> priced(List<LayerPlan> plans) {
    List<int[]> unread = material.unread().of(plans.stream().map(LayerPlan::choice).toList());
    List<LayerPlan> priced = new ArrayList<>();
    for (int k = 0; k < plans.size(); k++) {
      LayerPlan plan = plans.get(k);
      priced.add(
          new LayerPlan(
              plan.layer(),
              plan.choice(),
              plan.choice().costWithout(plan.layer(), unread.get(k)),
              plan.divergence(),
              plan.free(),
              plan.reason()));
    }
    return priced;
  }

  private InputException unreachable(List<List<LayerCandidate>> candidates, long[] budgets) {
    List<String> reasons = new ArrayList<>();
    for (int k = 0; k < budgets.length; k++) {
      long least = totals[k];
      for (int layer = 0; layer < candidates.size(); layer++) {
        Layer its = material.layers().get(layer).options().layer();
        int budget = k;
        least -= pricing.costs(its, LayerCandidate.keep(its), NONE)[k];
        least +=
            candidates.get(layer).stream()
                .mapToLong(c -> pricing.costs(its, c, NONE)[budget])
                .min()
                .orElseThrow();
      }
      reasons.add(
          "%s: at most %d of %d %s may remain, but at least about %d do; the largest factor that can be reached is about %.3f"
              .formatted(
                  pricing.targets().get(k),
                  budgets[k],
                  totals[k],
                  pricing.targets().get(k).metric().unit(),
                  least,
                  Math.floor(1000.0 * totals[k] / Math.max(1, least)) / 1000));
    }
    return InputException.usage("target " + String.join("; ", reasons));
  }

  private static boolean holds(long[] costs, long[] budgets) {
    for (int k = 0; k < costs.length; k++) {
      if (costs[k] > budgets[k]) {
        return false;
      }
    }
    return true;
  }

  private static long[] minus(long[] room, long[] fixed) {
    long[] left = new long[room.length];
    Arrays.setAll(left, k -> Math.max(0, room[k] - fixed[k]));
    return left;
  }
}
