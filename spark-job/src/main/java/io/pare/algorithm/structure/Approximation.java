package io.pare.algorithm.structure;

import java.util.List;

/**
 * What replaces one group of a layer: the sum of its components plus a bias.
 *
 * @param components at least one summand, all of one {@link LayerShape}
 * @param bias n entries
 */
@SuppressWarnings("ArrayRecordComponent")
public record Approximation(List<Component> components, double[] bias) {

  public Approximation {
    components = List.copyOf(components);
    if (components.isEmpty()) {
      throw new IllegalArgumentException("an approximation needs at least one component");
    }
  }

  /** Number of weights written, bias not counted. */
  public long weights() {
    return components.stream().mapToLong(Component::weights).sum();
  }
}
