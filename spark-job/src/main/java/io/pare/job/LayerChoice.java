package io.pare.job;

import io.pare.InputException;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The compressible layers, parted by what the user wants kept.
 *
 * @param free layers that may change, at least one
 * @param pinned layers that stay
 */
record LayerChoice(List<Layer> free, List<Layer> pinned) {

  /**
   * Parts the layers.
   *
   * @param patterns of names to keep, {@code *} for any characters
   * @throws InputException when nothing is left to compress, or a pattern names no layer
   */
  static LayerChoice of(NetworkLayers layers, List<String> patterns) {
    List<Pattern> compiled = patterns.stream().map(LayerChoice::compiled).toList();
    for (int k = 0; k < patterns.size(); k++) {
      Pattern pattern = compiled.get(k);
      if (layers.compressible().stream().noneMatch(l -> pattern.matcher(l.name()).matches())) {
        throw InputException.usage(
            "keep: no compressible layer is named "
                + patterns.get(k)
                + "; pare inspect lists them");
      }
    }
    Map<Boolean, List<Layer>> parts =
        layers.compressible().stream()
            .collect(
                Collectors.partitioningBy(
                    layer -> compiled.stream().anyMatch(p -> p.matcher(layer.name()).matches())));
    if (parts.get(false).isEmpty()) {
      throw InputException.data(
          "nothing to compress: the network has "
              + layers.kept().size()
              + " layers that stay as they are and "
              + parts.get(true).size()
              + " that the configuration keeps; pare inspect gives the reasons");
    }
    return new LayerChoice(parts.get(false), parts.get(true));
  }

  private static Pattern compiled(String pattern) {
    return Pattern.compile(
        pattern
            .chars()
            .mapToObj(c -> c == '*' ? ".*" : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining()));
  }
}
