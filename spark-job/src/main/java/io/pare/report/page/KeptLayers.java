package io.pare.report.page;

import io.pare.report.LayerResult;
import io.pare.report.RunReport;
import java.util.List;
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
    Element list = Element.of("dl", "pairs");
    for (LayerResult layer : kept) {
      list.add(Element.of("dt").add(Element.of("code").text(layer.name())))
          .add(
              Element.of("dd")
                  .text(layer.reason().isEmpty() ? "as it was" : layer.reason())
                  .add(
                      Element.of("span", "note")
                          .text(" " + Numbers.count(layer.weightsBefore()) + " weights")));
    }
    return Optional.of(Look.section("Layers kept, and why", "").add(list));
  }
}
