package io.pare.plan;

import io.pare.algorithm.structure.LayerCost;
import io.pare.model.Layer;
import java.util.List;

/**
 * What candidates take of each budget.
 *
 * @param targets that set the budgets, in their order
 * @param bytesPerWeight of the network's weights
 * @param times of the layers; only asked where there is a target for the latency
 */
record Pricing(List<Target> targets, double bytesPerWeight, LayerTimes times) {
  // A node, its bias's header and its names: about so much besides the weights of a factor.
  private static final long BYTES_PER_FACTOR = 160;

  /**
   * The costs of a candidate.
   *
   * @param unread filters of the layer that nobody reads
   */
  long[] costs(Layer layer, LayerCandidate candidate, int[] unread) {
    LayerCost cost = candidate.costWithout(layer, unread);
    return targets.stream()
        .mapToLong(
            target ->
                switch (target.metric()) {
                  case PARAMS -> cost.weights();
                  case MACS -> cost.macs();
                  case BYTES -> cost.bytes(bytesPerWeight) + overhead(candidate);
                  case LATENCY -> nanoseconds(layer, candidate, cost);
                })
        .toArray();
  }

  private static long overhead(LayerCandidate candidate) {
    return candidate.isKeep() ? 0 : 2 * BYTES_PER_FACTOR;
  }

  private long nanoseconds(Layer layer, LayerCandidate candidate, LayerCost cost) {
    double full = times.nanoseconds(layer, candidate);
    long macs = candidate.cost().macs();
    return Math.round(macs == 0 ? full : full * cost.macs() / macs);
  }
}
