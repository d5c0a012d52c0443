package io.pare.model.rewrite;

import io.pare.algorithm.structure.Approximation;
import io.pare.model.Layer;
import java.util.List;

/**
 * What a layer is to be replaced with.
 *
 * @param layer a compressible layer of the network that is rewritten
 * @param groups one approximation for each of the layer's groups
 */
public record Replacement(Layer layer, List<Approximation> groups) {
  public Replacement {
    groups = List.copyOf(groups);
    if (groups.size() != layer.groups()) {
      throw new IllegalArgumentException(
          "layer %s has %d groups, not %d".formatted(layer.name(), layer.groups(), groups.size()));
    }
    for (Approximation group : groups) {
      if (group.bias().length != layer.shape().outputs()) {
        throw new IllegalArgumentException(
            "layer %s has %d outputs a group, not %d"
                .formatted(layer.name(), layer.shape().outputs(), group.bias().length));
      }
    }
  }
}
