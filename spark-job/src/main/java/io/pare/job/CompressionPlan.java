package io.pare.job;

import io.pare.InputException;
import io.pare.algorithm.LayerCost;
import io.pare.algorithm.PlanSelector;
import io.pare.algorithm.PlanSelector.Option;
import io.pare.algorithm.Structure;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to become of every compressible layer under the target.
 *
 * @param layers in graph order
 * @param budget the most that all layers, kept ones included, may cost
 * @param loss divergence of the output that is expected of all changes together, in nats
 * @param gap how much of it another plan could save at most
 */
record CompressionPlan(List<LayerPlan> layers, long budget, double loss, double gap) {

  /**
   * Plans.
   *
   * @param network all layers, for the total
   * @param priced what each compressible layer that may change can become
   * @param pinned compressible layers that the user wants kept
   * @throws InputException when the target cannot be reached
   */
  static CompressionPlan of(
      NetworkLayers network, List<LayerOptions.Priced> priced, List<Layer> pinned, Target target) {
    long total = cost(network.total(), target);
    long budget = (long) Math.floor(total / target.factor());
    long fixed = total;
    List<List<Option<LayerCandidate>>> options = new ArrayList<>();
    for (LayerOptions.Priced layer : priced) {
      fixed -= cost(layer.options().layer().cost(), target);
      options.add(options(layer, target));
    }
    requireReachable(new Reach(total, budget, fixed, cheapest(options)), target);
    PlanSelector.Selection<LayerCandidate> selection = PlanSelector.select(options, budget - fixed);
    List<LayerPlan> plans = new ArrayList<>();
    for (int k = 0; k < priced.size(); k++) {
      Option<LayerCandidate> option = selection.options().get(k);
      plans.add(
          new LayerPlan(
              priced.get(k).options().layer(),
              option.choice(),
              option.loss(),
              true,
              option.choice().isKeep() ? "the plan spends its budget here" : ""));
    }
    for (Layer layer : pinned) {
      plans.add(new LayerPlan(layer, LayerCandidate.keep(layer), 0, false, "kept as configured"));
    }
    plans.sort(Comparator.comparingInt(plan -> plan.layer().index()));
    return new CompressionPlan(plans, budget, selection.loss(), selection.gap());
  }

  /**
   * What the groups of each layer are to be refitted as, by name: the structures of the plan, and
   * all their weights for layers that the plan keeps, so that they repair what earlier layers have
   * lost. Layers that the user wants kept are not among them.
   */
  Map<String, List<Structure.Sum>> structures() {
    Map<String, List<Structure.Sum>> structures = new LinkedHashMap<>();
    for (LayerPlan plan : layers) {
      Layer layer = plan.layer();
      if (!plan.choice().isKeep()) {
        structures.put(
            layer.name(),
            plan.choice().structures().stream().map(Structure.Sum.class::cast).toList());
      } else if (plan.free()) {
        structures.put(
            layer.name(), Collections.nCopies(layer.groups(), Structure.Sum.dense(layer.shape())));
      }
    }
    return structures;
  }

  private record Reach(long total, long budget, long fixed, long cheapest) {}

  private static void requireReachable(Reach reach, Target target) {
    long least = reach.fixed() + reach.cheapest();
    if (least > reach.budget()) {
      throw InputException.usage(
          "target %s: at most %d of %d %s may remain, but at least %d do (%d of them in layers that cannot change); the largest factor that can be reached is %.3f"
              .formatted(
                  target,
                  reach.budget(),
                  reach.total(),
                  target.metric().label(),
                  least,
                  reach.fixed(),
                  Math.floor(1000.0 * reach.total() / least) / 1000));
    }
  }

  private static long cheapest(List<List<Option<LayerCandidate>>> options) {
    return options.stream()
        .mapToLong(layer -> layer.stream().mapToLong(Option::cost).min().orElseThrow())
        .sum();
  }

  private static List<Option<LayerCandidate>> options(LayerOptions.Priced layer, Target target) {
    List<Option<LayerCandidate>> options = new ArrayList<>();
    for (LayerCandidate candidate : layer.options().all()) {
      options.add(
          new Option<>(
              candidate,
              cost(candidate.cost(), target),
              layer.sensitivity().divergence(candidate.error())));
    }
    return options;
  }

  private static long cost(LayerCost cost, Target target) {
    return switch (target.metric()) {
      case PARAMS -> cost.weights();
      case MACS -> cost.macs();
    };
  }
}
