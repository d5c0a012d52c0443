package io.pare.plan;

import io.pare.InputException;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The compressible layers, parted by what the user wants kept.
 *
 * @param free layers that may change, at least one
 * @param pinned layers that stay
 */
public record LayerChoice(List<Layer> free, List<Layer> pinned) {

  /**
   * Parts the layers.
   *
   * @throws InputException when nothing is left to compress, or a rule names no layer
   */
  public static LayerChoice of(NetworkLayers layers, LayerRules rules) {
    rules.requireMatches(layers);
    Map<Boolean, List<Layer>> parts =
        layers.compressible().stream().collect(Collectors.partitioningBy(rules::keeps));
    if (parts.get(false).isEmpty()) {
      int kept = layers.kept().size();
      int pinned = parts.get(true).size();
      throw InputException.nothing(
          kept + pinned == 0
              ? "nothing to compress: the network has no convolution and no fully connected layer"
              : "nothing to compress: the network has %d layers that stay as they are and %d that the configuration keeps; pare inspect gives the reasons"
                  .formatted(kept, pinned));
    }
    return new LayerChoice(parts.get(false), parts.get(true));
  }
}
