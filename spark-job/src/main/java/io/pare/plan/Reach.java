package io.pare.plan;

import io.pare.InputException;
import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.SmallestStructures;
import io.pare.algorithm.structure.LayerCost;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import io.pare.model.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How small a network can become at most, whatever its layers become, from shapes alone: a target
 * beyond it is known to be so before anything is computed. Layers that are no part of the plan and
 * what a file holds besides weights count as nothing, so that no target is refused that could be
 * reached; time is not bounded.
 *
 * @param layers that may change
 * @param unread follows the channels between all compressible layers
 * @param rules for single layers
 * @param families that the method may use
 * @param bytesPerWeight of the network's weights
 */
public record Reach(
    List<Layer> layers,
    UnreadFilters unread,
    LayerRules rules,
    Set<Family> families,
    double bytesPerWeight) {

  /**
   * Refuses targets that nothing can reach.
   *
   * @param targets to reach
   * @param totals of the original, in their order
   * @throws InputException naming each, with the factor that is beyond reach
   */
  public void require(List<Target> targets, long[] totals) {
    List<String> reasons = new ArrayList<>();
    for (int k = 0; k < totals.length; k++) {
      Target target = targets.get(k);
      long budget = (long) Math.floor(totals[k] / target.factor());
      long least = target.metric() == Target.Metric.LATENCY ? 0 : least(target.metric());
      if (least > budget) {
        reasons.add(
            "%s: at most %d of %d %s may remain, but at least %d do, whatever the layers become; the largest factor that can be reached is below %.1f"
                .formatted(
                    target,
                    budget,
                    totals[k],
                    target.metric().unit(),
                    least,
                    Math.ceil(10.0 * totals[k] / least) / 10));
      }
    }
    if (!reasons.isEmpty()) {
      throw InputException.usage("target " + String.join("; ", reasons));
    }
  }

  /** The least that compressible layers come to. */
  long least(Target.Metric metric) {
    List<Layer> all = unread.layers();
    List<List<LayerCandidate>> smallest = all.stream().map(this::smallest).toList();
    List<int[]> first = unread.of(dropping(smallest, true));
    List<int[]> last = unread.of(dropping(smallest, false));
    long sum = 0;
    for (int k = 0; k < all.size(); k++) {
      Layer layer = all.get(k);
      int[] most = first.get(k).length > last.get(k).length ? first.get(k) : last.get(k);
      sum +=
          smallest.get(k).stream()
              .map(candidate -> candidate.costWithout(layer, most))
              .mapToLong(cost -> value(cost, metric))
              .min()
              .orElseThrow();
    }
    return sum;
  }

  private long value(LayerCost cost, Target.Metric metric) {
    return switch (metric) {
      case PARAMS -> cost.weights();
      case MACS -> cost.macs();
      case BYTES -> cost.bytes(bytesPerWeight);
      case LATENCY -> 0;
    };
  }

  /** The layer as it is, and the smallest that it can become. */
  private List<LayerCandidate> smallest(Layer layer) {
    List<LayerCandidate> smallest = new ArrayList<>();
    smallest.add(LayerCandidate.keep(layer));
    if (layers.contains(layer)) {
      for (Family family : families) {
        for (Structure.Sum sum : SmallestStructures.of(family, layer.shape(), layer.groups())) {
          smallest.add(LayerCandidate.uniform(layer, family, sum, 0));
        }
      }
    }
    return rules.allowedFamilies(layer, smallest);
  }

  /**
   * The choice that reads the fewest channels in each layer: the first or the last of them, because
   * where the outputs of several layers stand side by side, the others may go unread altogether.
   */
  private List<LayerCandidate> dropping(List<List<LayerCandidate>> smallest, boolean first) {
    List<LayerCandidate> choices = new ArrayList<>();
    for (int k = 0; k < smallest.size(); k++) {
      Layer layer = unread.layers().get(k);
      choices.add(
          smallest.get(k).stream()
              .filter(LayerCandidate::dropsChannels)
              .min((a, b) -> Integer.compare(a.channels(layer).length, b.channels(layer).length))
              .map(candidate -> first ? candidate : lastChannels(layer, candidate))
              .orElse(LayerCandidate.keep(layer)));
    }
    return choices;
  }

  private static LayerCandidate lastChannels(Layer layer, LayerCandidate candidate) {
    int channels = layer.shape().inputChannels();
    int kept = candidate.channels(layer).length / layer.groups();
    Support last =
        new Support(Support.Kind.INPUTS, IntStream.range(channels - kept, channels).toArray());
    return LayerCandidate.uniform(layer, candidate.family().orElseThrow(), Structure.of(last), 0);
  }
}
