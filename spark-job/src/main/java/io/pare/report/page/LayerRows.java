package io.pare.report.page;

import io.pare.report.RunReport;
import io.pare.report.figure.Numbers;
import io.pare.report.figure.Scale;
import io.pare.report.layer.LayerResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every layer as a row: what it became, its weights before and after, its error and its weight. */
final class LayerRows {
  private static final int UNITS = 1000;

  /** Rows that are shown before the others are asked for. */
  private static final int SHOWN = 8;

  private final List<LayerResult> layers;
  private final long largest;
  private final Scale errors;
  private final double mostDivergence;

  private LayerRows(List<LayerResult> layers) {
    this.layers = layers;
    this.largest = layers.stream().mapToLong(LayerResult::weightsBefore).max().orElse(1);
    List<Double> values = new ArrayList<>();
    layers.forEach(layer -> values.addAll(List.of(layer.expectedError(), layer.error())));
    this.errors = Scale.logarithmic(values, 4);
    this.mostDivergence = layers.stream().mapToDouble(LayerResult::divergence).max().orElse(0);
  }

  static Optional<Element> of(RunReport report) {
    List<LayerResult> changed =
        report.layers().stream()
            .filter(layer -> !layer.structure().equals("keep"))
            .sorted(Comparator.comparingLong(LayerRows::saved).reversed())
            .toList();
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of(new LayerRows(changed).section(report.layers().size() - changed.size()));
  }

  private static long saved(LayerResult layer) {
    return layer.weightsBefore() - layer.weightsAfter();
  }

  private Element section(int kept) {
    Element section =
        Look.section(
            "Layers",
            "What saves most weights stands first%s. The pale bar is a layer’s weights before, the coloured one after. Errors are relative, after the activation: as the plan expected them of the layer alone, and as they are in the compressed network, where those of earlier layers add to them. Impact is the KL divergence of the output that the plan expected of this layer."
                .formatted(others(kept)));
    section.add(legend());
    Element rows = Element.of("div", "layers").add(head());
    layers.stream().limit(SHOWN).forEach(layer -> rows.add(row(layer)));
    section.add(rows);
    if (layers.size() > SHOWN) {
      Element more = Element.of("div", "layers");
      layers.stream().skip(SHOWN).forEach(layer -> more.add(row(layer)));
      String title = "%d more layers".formatted(layers.size() - SHOWN);
      section.add(Element.of("details", "more").add(Element.of("summary").text(title), more));
    }
    return section;
  }

  private static String others(int kept) {
    return kept == 0 ? "" : "; %d more layers stayed as they were".formatted(kept);
  }

  private Element legend() {
    Map<String, String> names = new LinkedHashMap<>();
    for (LayerResult layer : layers) {
      for (String component : components(layer)) {
        names.put(Look.form(component), Look.formName(component));
      }
    }
    Element legend = Element.of("p", "legend");
    names.forEach((form, name) -> legend.add(Look.key(form, name)));
    return legend
        .add(Look.key("ring", "error expected"))
        .add(Look.key("after", "error in the network"));
  }

  private static Element head() {
    Element head = Element.of("div", "layer head");
    for (String title : List.of("Layer", "Weights", "Error, logarithmic", "Impact")) {
      head.add(Element.of("span").text(title));
    }
    return head;
  }

  private static List<String> components(LayerResult layer) {
    return List.of(layer.structure().split("\\+", -1));
  }

  private Element row(LayerResult layer) {
    Element name =
        Element.of("div", "name")
            .add(Element.of("code").text(layer.name()))
            .add(Element.of("span", "structure").text(layer.structure().replace("+", " + ")))
            .add(Element.of("span", "note").text(description(layer)));
    return Element.of("div", "layer")
        .add(name)
        .add(Element.of("div", "weights").add(bar(layer), weights(layer), macs(layer)))
        .add(errors(layer))
        .add(impact(layer));
  }

  private static String description(LayerResult layer) {
    List<String> parts = new ArrayList<>(List.of(layer.operator()));
    if (!layer.shape().isEmpty()) {
      parts.add(layer.shape().replace("x", "×"));
    }
    if (layer.groups() > 1) {
      parts.add(layer.groups() + " groups");
    }
    if (!layer.activation().isEmpty()) {
      parts.add(layer.activation());
    }
    return String.join(" · ", parts);
  }

  private Element bar(LayerResult layer) {
    Element bar = Plot.canvas(UNITS, 20);
    bar.add(Plot.path("track", "M0 10H" + along(layer.weightsBefore()), ""));
    List<String> components = components(layer);
    long lowRank = layer.weightsAfter() - layer.sparseAfter();
    boolean mixed = components.size() > 1;
    // In a label the low-rank component stands before the sparse one.
    bar.add(
        Plot.path(
            "part " + Look.form(components.get(0)),
            "M0 10H" + along(mixed ? lowRank : layer.weightsAfter()),
            ""));
    if (mixed) {
      String data = "M%d 10H%d".formatted(along(lowRank), along(layer.weightsAfter()));
      bar.add(Plot.path("part " + Look.form(components.get(1)), data, ""));
    }
    return Element.of("div", "bar").add(bar);
  }

  private long along(long weights) {
    return Math.round((double) UNITS * weights / Math.max(1, largest));
  }

  private static Element weights(LayerResult layer) {
    Element text = Element.of("span", "figures");
    if (layer.weightsAfter() == layer.weightsBefore()) {
      return text.text(Numbers.count(layer.weightsBefore()));
    }
    double share = (double) layer.weightsAfter() / Math.max(1, layer.weightsBefore());
    return text.text(Numbers.count(layer.weightsBefore()) + " → ")
        .add(Element.of("strong").text(Numbers.count(layer.weightsAfter())))
        .text(" (" + Numbers.percent(share) + ")");
  }

  private static Element macs(LayerResult layer) {
    String after =
        layer.macsAfter() == layer.macsBefore() ? "" : " → " + Numbers.compact(layer.macsAfter());
    return Element.of("span", "figures macs")
        .text(Numbers.compact(layer.macsBefore()) + after + " MACs");
  }

  private Element errors(LayerResult layer) {
    Element cell = Element.of("div", "errors");
    if (layer.error() == 0 && layer.expectedError() == 0) {
      return cell.add(Element.of("span", "figures").text("–"));
    }
    long expected = Math.round(UNITS * errors.at(layer.expectedError()));
    long measured = Math.round(UNITS * errors.at(layer.error()));
    Element strip = Plot.canvas(UNITS, 20).add(Plot.path("grid", "M0 10H" + UNITS, ""));
    if (layer.expectedError() > 0) {
      String data =
          "M%d 10H%d".formatted(Math.min(expected, measured), Math.max(expected, measured));
      strip.add(Plot.path("interval", data, ""));
      strip.add(Plot.path("dot ring", "M" + expected + " 10h0", ""));
      strip.add(Plot.path("dot hole", "M" + expected + " 10h0", ""));
    }
    strip.add(Plot.path("dot after", "M" + measured + " 10h0", ""));
    String before = layer.expectedError() > 0 ? Numbers.three(layer.expectedError()) + " → " : "";
    return cell.add(Element.of("div", "strip").add(strip))
        .add(
            Element.of("span", "figures")
                .text(before)
                .add(Element.of("strong").text(Numbers.three(layer.error()))));
  }

  private Element impact(LayerResult layer) {
    Element cell = Element.of("div", "impact");
    if (!(layer.divergence() > 0)) {
      return cell.add(Element.of("span", "figures").text("–"));
    }
    long length = Math.round(UNITS * layer.divergence() / mostDivergence);
    Element bar = Plot.canvas(UNITS, 20).add(Plot.path("fill", "M0 10H" + length, ""));
    return cell.add(Element.of("div", "bar thin").add(bar))
        .add(Element.of("span", "figures").text(Numbers.three(layer.divergence())));
  }
}
