package io.pare.plan;

import io.pare.InputException;
import io.pare.algorithm.structure.LayerCost;
import io.pare.model.Layer;
import io.pare.plan.PlanSelector.Option;
import io.pare.plan.PlanSelector.Selection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Plans a network under budgets. A layer that drops input channels saves filters of the layers
 * before it, so that what a candidate costs depends on the others' choices: the plan is made anew
 * with the savings beside the last one until it repeats, and only plans count whose network,
 * written with that structure, keeps every budget.
 */
public final class Planner {
  private static final int ROUNDS = 10;
  private static final int LEAST_ROUNDS = 3;

  private final Material material;
  private final Pricing pricing;
  private final long[] totals;
  private final long[] unchanged;
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
      double bytesPerWeight) {}

  /** Costs of whole networks under the targets, in their order. */
  public interface WrittenCosts {
    /** Those of the original. */
    long[] ofOriginal(List<Target> targets);

    /** Those of the original in the precision that is written, where that is another. */
    long[] unchanged(List<Target> targets);

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
    unchanged = written.unchanged(targets);
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
    List<LayerCandidate> present = asItIs();
    long[] costs = unchanged;
    Optional<CompressionPlan> best = Optional.empty();
    String last = "";
    for (int round = 0; round < ROUNDS; round++) {
      Offer offer = new Offer(material, pricing, candidates, present);
      Optional<Selection<LayerCandidate>> selection =
          PlanSelector.select(offer.options(), room(budgets, costs, offer, round));
      if (selection.isEmpty() && best.isPresent()) {
        break;
      }
      int budget = round % budgets.length;
      CompressionPlan plan = plan(selection.orElseGet(() -> offer.cheapest(budget)));
      costs = written.of(plan, pricing.targets());
      if (holds(costs, budgets)) {
        if (best.isEmpty() || plan.loss() < best.get().loss()) {
          best = Optional.of(plan);
        }
        if (plan.description().equals(last)) {
          break;
        }
      }
      last = plan.description();
      present = choices(plan);
    }
    return best.orElseThrow(() -> unreachable(candidates, budgets));
  }

  /**
   * What the prices of an offer may come to: what the present choices come to, and what they leave
   * of the budgets. Where they take too much, still less in later rounds, so that a circle ends.
   */
  private static long[] room(long[] budgets, long[] costs, Offer offer, int round) {
    long[] room = offer.present();
    for (int k = 0; k < room.length; k++) {
      long over = Math.max(0, costs[k] - budgets[k]);
      room[k] = Math.max(0, room[k] + budgets[k] - costs[k] - over * round / ROUNDS);
    }
    return room;
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

  private static List<LayerCandidate> choices(CompressionPlan plan) {
    return plan.layers().stream().map(LayerPlan::choice).toList();
  }

  private List<LayerCandidate> asItIs() {
    return material.unread().layers().stream().map(LayerCandidate::keep).toList();
  }

  private InputException unreachable(List<List<LayerCandidate>> candidates, long[] budgets) {
    List<String> reasons = new ArrayList<>();
    for (int k = 0; k < budgets.length; k++) {
      long least = least(candidates, k);
      if (least > budgets[k]) {
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
    }
    return InputException.usage(
        "target "
            + (reasons.isEmpty()
                ? new Goal(pricing.targets(), List.of())
                    + ": no plan that keeps every budget was found; lower a factor"
                : String.join("; ", reasons)));
  }

  /** About the least that can remain, with what dropped channels save. */
  private long least(List<List<LayerCandidate>> candidates, int budget) {
    List<Layer> layers = material.unread().layers();
    List<LayerCandidate> present = asItIs();
    long asItIs = sum(layers, present, budget);
    long least = asItIs;
    for (int round = 0; round < LEAST_ROUNDS; round++) {
      Offer offer = new Offer(material, pricing, candidates, present);
      present = choices(plan(offer.cheapest(budget)));
      least = Math.min(least, sum(layers, present, budget));
    }
    return unchanged[budget] - asItIs + least;
  }

  private long sum(List<Layer> layers, List<LayerCandidate> choices, int budget) {
    List<int[]> unread = material.unread().of(choices);
    long sum = 0;
    for (int k = 0; k < choices.size(); k++) {
      sum += pricing.costs(layers.get(k), choices.get(k), unread.get(k))[budget];
    }
    return sum;
  }

  private static boolean holds(long[] costs, long[] budgets) {
    for (int k = 0; k < costs.length; k++) {
      if (costs[k] > budgets[k]) {
        return false;
      }
    }
    return true;
  }
}
