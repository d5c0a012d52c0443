package io.pare.algorithm.structure;

import java.io.Serializable;
import java.util.Comparator;

/**
 * One group of one layer of a network: what samples, problems, candidates and fits belong to. In
 * ascending order, all groups of a layer follow one another.
 *
 * @param layer index of the layer in the graph
 * @param group of the convolution, from 0; always 0 where there is one
 */
public record LayerGroup(int layer, int group) implements Comparable<LayerGroup>, Serializable {
  private static final Comparator<LayerGroup> ORDER =
      Comparator.comparingInt(LayerGroup::layer).thenComparingInt(LayerGroup::group);

  public LayerGroup {
    if (layer < 0 || group < 0) {
      throw new IllegalArgumentException("no layer has the number " + layer + "." + group);
    }
  }

  @Override
  public int compareTo(LayerGroup other) {
    return ORDER.compare(this, other);
  }
}
