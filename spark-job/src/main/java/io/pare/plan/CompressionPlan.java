package io.pare.plan;

import io.pare.algorithm.structure.LayerCost;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.Structure;
import io.pare.model.Layer;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

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
   * What the groups of each layer are to be refitted as: the structures of the plan, and all their
   * weights for layers that the plan keeps, so that they repair what earlier layers have lost.
   * Layers that the user wants kept are not among them, and none are where nothing is lost.
   */
  public NavigableMap<LayerGroup, Structure.Sum> structures() {
    NavigableMap<LayerGroup, Structure.Sum> structures = new TreeMap<>();
    if (keepsAll()) {
      return structures;
    }
    for (LayerPlan plan : layers) {
      Layer layer = plan.layer();
      for (int group = 0; plan.free() && group < layer.groups(); group++) {
        structures.put(
            new LayerGroup(layer.index(), group),
            plan.choice().isKeep()
                ? Structure.Sum.dense(layer.shape())
                : (Structure.Sum) plan.choice().structures().get(group));
      }
    }
    return structures;
  }

  /** Whether all layers stay as they are. */
  public boolean keepsAll() {
    return layers.stream().allMatch(plan -> plan.choice().isKeep());
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
}
