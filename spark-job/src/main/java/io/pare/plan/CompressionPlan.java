package io.pare.plan;

import io.pare.algorithm.structure.LayerCost;
import io.pare.algorithm.structure.Structure;
import io.pare.model.Layer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to become of every compressible layer.
 *
 * @param layers in graph order
 * @param loss divergence of the output that is expected of all changes together, in nats
 * @param gap how much of it another plan could save at most
 */
public record CompressionPlan(List<LayerPlan> layers, double loss, double gap) {

  /** Copies the list. */
  public CompressionPlan {
    layers = List.copyOf(layers);
  }

  /**
   * What the groups of each layer are to be refitted as, by name: the structures of the plan, and
   * all their weights for layers that the plan keeps, so that they repair what earlier layers have
   * lost. Layers that the user wants kept are not among them.
   */
  public Map<String, List<Structure.Sum>> structures() {
    Map<String, List<Structure.Sum>> structures = new LinkedHashMap<>();
    for (LayerPlan plan : layers) {
      Layer layer = plan.layer();
      if (plan.free()) {
        structures.put(
            layer.name(),
            plan.choice().isKeep()
                ? Collections.nCopies(layer.groups(), Structure.Sum.dense(layer.shape()))
                : changed(plan));
      }
    }
    return structures;
  }

  /** The structures of the layers that change, by name. */
  public Map<String, List<Structure.Sum>> changes() {
    Map<String, List<Structure.Sum>> structures = new LinkedHashMap<>();
    layers.stream()
        .filter(plan -> !plan.choice().isKeep())
        .forEach(plan -> structures.put(plan.layer().name(), changed(plan)));
    return structures;
  }

  /** What the layers cost together. */
  public LayerCost cost() {
    return layers.stream().map(LayerPlan::cost).reduce(LayerCost.ZERO, LayerCost::plus);
  }

  /** The names of the layers with what they become; plans of one description are the same. */
  String description() {
    StringBuilder text = new StringBuilder();
    layers.forEach(
        plan ->
            text.append(plan.layer().name())
                .append(' ')
                .append(plan.choice().structures())
                .append('\n'));
    return text.toString();
  }

  private static List<Structure.Sum> changed(LayerPlan plan) {
    return plan.choice().structures().stream().map(Structure.Sum.class::cast).toList();
  }
}
