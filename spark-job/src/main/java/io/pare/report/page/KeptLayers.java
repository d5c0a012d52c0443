package io.pare.report.page;

import io.pare.report.RunReport;
import io.pare.report.figure.Numbers;
import io.pare.report.layer.LayerResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The layers that stayed as they were, and why; and what else is worth a note. */
final class KeptLayers {
  private KeptLayers() {}

  static Optional<Element> of(RunReport report) {
    List<LayerResult> kept =
        report.layers().stream()
            .filter(layer -> layer.structure().equals("keep") || !layer.reason().isEmpty())
            .toList();
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<LayerResult>> byReason = new LinkedHashMap<>();
    for (LayerResult layer : kept) {
      String reason = layer.reason().isEmpty() ? "as it was" : layer.reason();
      byReason.computeIfAbsent(reason, absent -> new ArrayList<>()).add(layer);
    }
    Element list = Element.of("dl", "pairs");
    byReason.forEach((reason, layers) -> list.add(Element.of("dt").text(reason), names(layers)));
    return Optional.of(Look.section("Layers kept, and why", "").add(list));
  }

  private static Element names(List<LayerResult> layers) {
    Element names = Element.of("ul", "names");
    for (LayerResult layer : layers) {
      names.add(
          Element.of("li")
              .add(Element.of("code").text(layer.name()))
              .add(Element.of("span", "note").text(" " + weights(layer))));
    }
    return Element.of("dd").add(names);
  }

  private static String weights(LayerResult layer) {
    String before = Numbers.count(layer.weightsBefore());
    boolean fewer =
        layer.structure().equals("keep") && layer.weightsAfter() < layer.weightsBefore();
    return fewer
        ? "%s of %s weights, without filters that no layer reads any more"
            .formatted(Numbers.count(layer.weightsAfter()), before)
        : before + " weights";
  }
}
