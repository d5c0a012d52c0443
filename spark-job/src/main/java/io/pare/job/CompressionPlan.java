package io.pare.job;

import io.pare.InputException;
import io.pare.algorithm.Candidate;
import io.pare.algorithm.CandidatePath;
import io.pare.algorithm.Form;
import io.pare.algorithm.LayerCost;
import io.pare.algorithm.PlanSelector;
import io.pare.algorithm.PlanSelector.Option;
import io.pare.algorithm.Structure;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.stage.LayerGroups;
import io.pare.stage.SolveLayersStage.GroupCandidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is to become of every compressible layer under the target.
 *
 * @param layers in graph order
 * @param budget the most that all layers, kept ones included, may cost
 * @param loss sum of the expected errors
 * @param gap how much of that sum another plan could save at most
 */
record CompressionPlan(List<LayerPlan> layers, long budget, double loss, double gap) {

  /** The measured candidates of one layer: held-out errors by form and rank. */
  record LayerCandidates(Layer layer, Map<Form, Map<Integer, Double>> errors) {

    /** Joins the candidates of groups: a layer's error is the mean over its groups. */
    static List<LayerCandidates> of(LayerGroups groups, List<GroupCandidate> candidates) {
      List<LayerCandidates> result = new ArrayList<>();
      for (Layer layer : groups.layers()) {
        result.add(new LayerCandidates(layer, new EnumMap<>(Form.class)));
      }
      for (GroupCandidate candidate : candidates) {
        LayerCandidates layer = result.get(groups.layerOf(candidate.partition()));
        layer
            .errors()
            .computeIfAbsent(candidate.form(), form -> new TreeMap<>())
            .merge(candidate.step(), candidate.error() / layer.layer().groups(), Double::sum);
      }
      return result;
    }
  }

  /**
   * Plans.
   *
   * @param network all layers, for the total
   * @param candidates of each compressible layer that may change
   * @param pinned compressible layers that the user wants kept
   * @throws InputException when the target cannot be reached
   */
  static CompressionPlan of(
      NetworkLayers network, List<LayerCandidates> candidates, List<Layer> pinned, Target target) {
    long total = cost(network.total(), target);
    long budget = (long) Math.floor(total / target.factor());
    long free = total;
    List<List<Option>> options = new ArrayList<>();
    for (LayerCandidates layer : candidates) {
      free -= cost(layer.layer().cost(), target);
      options.add(options(layer, target));
    }
    long cheapest =
        options.stream().mapToLong(o -> o.stream().mapToLong(Option::cost).min().orElse(0)).sum();
    if (free + cheapest > budget) {
      throw InputException.usage(
          "target %s: at most %d of %d %s may remain, but at least %d do (%d of them in layers that cannot change); the largest factor that can be reached is %.3f"
              .formatted(
                  target,
                  budget,
                  total,
                  target.metric().label(),
                  free + cheapest,
                  free,
                  Math.floor(1000.0 * total / (free + cheapest)) / 1000));
    }
    PlanSelector.Selection selection = PlanSelector.select(options, budget - free);
    List<LayerPlan> plans = new ArrayList<>();
    for (int k = 0; k < candidates.size(); k++) {
      plans.add(plan(candidates.get(k).layer(), selection.options().get(k)));
    }
    for (Layer layer : pinned) {
      plans.add(new LayerPlan(layer, Structure.keep(), layer.cost(), 0, "kept as configured"));
    }
    plans.sort(Comparator.comparingInt(plan -> plan.layer().index()));
    return new CompressionPlan(plans, budget, selection.loss(), selection.gap());
  }

  private static LayerPlan plan(Layer layer, Option option) {
    Structure structure = option.structure();
    return new LayerPlan(
        layer,
        structure,
        structure.cost(layer.shape(), layer.geometry()).times(layer.groups()),
        option.loss(),
        structure.isKeep() ? "the plan spends its budget here" : "");
  }

  private static List<Option> options(LayerCandidates layer, Target target) {
    List<Option> options = new ArrayList<>();
    options.add(new Option(Structure.keep(), cost(layer.layer().cost(), target), 0));
    layer
        .errors()
        .forEach(
            (form, errors) -> {
              for (Candidate candidate :
                  new CandidatePath(form, layer.layer().shape(), errors).everyStep()) {
                options.add(
                    new Option(
                        candidate.structure(),
                        cost(
                            candidate
                                .structure()
                                .cost(layer.layer().shape(), layer.layer().geometry())
                                .times(layer.layer().groups()),
                            target),
                        candidate.error()));
              }
            });
    return options;
  }

  private static long cost(LayerCost cost, Target target) {
    return switch (target.metric()) {
      case PARAMS -> cost.weights();
      case MACS -> cost.macs();
    };
  }
}
