package io.pare.report.page;

import io.pare.report.RunReport;
import io.pare.report.figure.Numbers;
import io.pare.report.figure.Scale;
import io.pare.report.layer.LayerResult;
import io.pare.report.layer.SensitivityPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How much an error in a layer hurts the output, all layers on the same axes. */
final class SensitivityCharts {
  private SensitivityCharts() {}

  static Optional<Element> of(RunReport report) {
    List<LayerResult> layers =
        report.layers().stream()
            .filter(layer -> !layer.analysis().sensitivity().isEmpty())
            .toList();
    if (layers.isEmpty()) {
      return Optional.empty();
    }
    List<Double> errors = new ArrayList<>();
    List<Double> divergences = new ArrayList<>();
    for (LayerResult layer : layers) {
      for (SensitivityPoint point : layer.analysis().sensitivity()) {
        errors.add(point.error());
        divergences.add(point.divergence());
      }
    }
    Scale x = Scale.logarithmic(errors, 5);
    Scale y = Scale.logarithmic(divergences, 6);
    Element charts = Element.of("div", "charts dense");
    layers.forEach(layer -> charts.add(chart(layer, new Plot(x, y))));
    return Optional.of(
        Look.section(
                "How much an error hurts",
                "The network was run with one layer changed and all others as they were: KL divergence of its output, in nats, against the error of that layer. All charts share their axes; a higher line is a more sensitive layer.")
            .add(charts));
  }

  private static Element chart(LayerResult layer, Plot plot) {
    List<Plot.Point> points =
        layer.analysis().sensitivity().stream()
            .sorted(Comparator.comparingDouble(SensitivityPoint::error))
            .map(point -> new Plot.Point(point.error(), point.divergence()))
            .toList();
    plot.line("after", points);
    for (Plot.Point point : points) {
      String title =
          "error %s, divergence %s".formatted(Numbers.three(point.x()), Numbers.three(point.y()));
      plot.dot("after", point, title);
    }
    return Element.of("figure")
        .add(Element.of("figcaption").add(Element.of("code").text(layer.name())))
        .add(plot.element("low", "error", "divergence"));
  }
}
