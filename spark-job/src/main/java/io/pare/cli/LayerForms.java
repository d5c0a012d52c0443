package io.pare.cli;

import io.pare.algorithm.candidate.Family;
import io.pare.model.Layer;
import io.pare.stage.layers.WideLayers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What layers can become: for each the families of structures that its shape allows, and of the
 * others the reason. Layers that can become the same have the same letter. Not thread-safe.
 */
final class LayerForms {
  private static final int LETTERS = 26;

  private final Map<String, String> letters = new LinkedHashMap<>();

  /** The letter of what a layer can become; the first one that differs from all before is new. */
  String letter(Layer layer) {
    return letters.computeIfAbsent(forms(layer), forms -> letter(letters.size()));
  }

  /** What each letter stands for, a line each, in their order. */
  List<String> lines() {
    return letters.entrySet().stream()
        .map(entry -> entry.getValue() + ": " + entry.getKey())
        .toList();
  }

  private static String letter(int number) {
    String last = Character.toString('a' + number % LETTERS);
    return number < LETTERS ? last : letter(number / LETTERS - 1) + last;
  }

  private static String forms(Layer layer) {
    List<String> able = new ArrayList<>();
    Map<String, List<String>> unable = new LinkedHashMap<>();
    for (Family family : Family.values()) {
      Optional<String> obstacle = family.obstacle(layer.shape(), layer.groups());
      if (obstacle.isEmpty()) {
        able.add(family.option());
      } else {
        unable.computeIfAbsent(obstacle.get(), why -> new ArrayList<>()).add(family.option());
      }
    }
    String text = able.isEmpty() ? "nothing" : String.join(", ", able);
    if (WideLayers.dependsOnSamples(layer)) {
      text += " (with fewer samples than inputs low-rank-channel alone)";
    }
    return text
        + unable.entrySet().stream()
            .map(entry -> "; not " + String.join(", ", entry.getValue()) + ": " + entry.getKey())
            .collect(Collectors.joining());
  }
}
