package io.pare.plan;

import io.pare.model.Layer;
import io.pare.model.rewrite.ChannelFlow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The filters that nobody reads once layers drop input channels (algorithm.md section 6): they are
 * removed where they are computed, and the plan counts what that saves. Immutable.
 */
public final class UnreadFilters {
  private static final int[] NONE = new int[0];

  private final ChannelFlow flow;
  private final List<Layer> layers;

  /** Follows the channels between layers. */
  public UnreadFilters(ChannelFlow flow, List<Layer> layers) {
    this.flow = flow;
    this.layers = layers;
  }

  /**
   * What a choice for each layer leaves unread.
   *
   * @param choices in the order of the layers
   * @return filters of each layer, ascending, in the same order
   */
  List<int[]> of(List<LayerCandidate> choices) {
    Map<Layer, int[]> kept = new LinkedHashMap<>();
    for (int k = 0; k < layers.size(); k++) {
      if (choices.get(k).dropsChannels()) {
        kept.put(layers.get(k), choices.get(k).channels(layers.get(k)));
      }
    }
    Map<Layer, int[]> unread = kept.isEmpty() ? Map.of() : flow.unread(kept);
    return layers.stream().map(layer -> unread.getOrDefault(layer, NONE)).toList();
  }

  /** The layers that channels are followed between. */
  List<Layer> layers() {
    return layers;
  }
}
