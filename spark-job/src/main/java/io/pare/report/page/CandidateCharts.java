package io.pare.report.page;

import io.pare.report.RunReport;
import io.pare.report.figure.Numbers;
import io.pare.report.figure.Scale;
import io.pare.report.layer.CandidatePoint;
import io.pare.report.layer.LayerResult;
import io.pare.report.layer.SumFinding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What each layer could have become: held-out error against weights, by family. */
final class CandidateCharts {
  private static final String SUM = "form-sum";

  private CandidateCharts() {}

  static Optional<Element> of(RunReport report) {
    List<LayerResult> layers =
        report.layers().stream().filter(layer -> !layer.analysis().candidates().isEmpty()).toList();
    if (layers.isEmpty()) {
      return Optional.empty();
    }
    Element section =
        Look.section(
            "What each layer could become",
            "Each dot is a candidate, judged on images that its fit has not seen. The ringed one was taken. Lower and further left is better; what lies below an axis is drawn on its edge.");
    Element legend = Element.of("p", "legend");
    Map<String, String> names = new LinkedHashMap<>();
    layers.forEach(
        layer ->
            layer
                .analysis()
                .candidates()
                .forEach(point -> names.put(classOf(point), nameOf(point))));
    names.forEach((classes, name) -> legend.add(Look.key(classes, name)));
    Element charts = Element.of("div", "charts");
    layers.forEach(layer -> charts.add(chart(layer)));
    section.add(legend);
    finding(layers).ifPresent(text -> section.add(Element.of("p", "finding").text(text)));
    return Optional.of(section.add(charts));
  }

  private static String classOf(CandidatePoint point) {
    return point.sum() ? SUM : Look.form(point.structure());
  }

  private static String nameOf(CandidatePoint point) {
    return point.sum() ? "sum of both" : Look.formName(point.structure());
  }

  /** What the sums came to over all layers. */
  private static Optional<String> finding(List<LayerResult> layers) {
    List<LayerResult> judged =
        layers.stream().filter(layer -> layer.analysis().sums().isPresent()).toList();
    if (judged.isEmpty()) {
      return Optional.empty();
    }
    List<LayerResult> won =
        judged.stream()
            .filter(layer -> layer.analysis().sums().orElseThrow().onEnvelope())
            .sorted(Comparator.comparingDouble(layer -> -best(layer).gain()))
            .toList();
    if (won.isEmpty()) {
      return Optional.of(
          "In none of the %d layers that could take one does a sum of a low-rank and a sparse component beat the single components of the same size."
              .formatted(judged.size()));
    }
    SumFinding.Point best = best(won.get(0));
    return Optional.of(
        "In %d of the %d layers that could take one, a sum of a low-rank and a sparse component beats the single components of the same size; most in %s, where %s saves %s of their error."
            .formatted(
                won.size(),
                judged.size(),
                won.get(0).name(),
                best.structure(),
                Numbers.percent(best.gain())));
  }

  private static SumFinding.Point best(LayerResult layer) {
    return layer.analysis().sums().orElseThrow().points().stream()
        .max(Comparator.comparingDouble(SumFinding.Point::gain))
        .orElseThrow();
  }

  private static Element chart(LayerResult layer) {
    List<CandidatePoint> points = layer.analysis().candidates();
    List<Double> sizes = new ArrayList<>(List.of(0.0, (double) layer.weightsBefore()));
    points.forEach(point -> sizes.add((double) point.weights()));
    List<Double> errors = new ArrayList<>(List.of(layer.expectedError()));
    points.forEach(point -> errors.add(point.error()));
    Plot plot = new Plot(Scale.linear(sizes, Numbers::round), Scale.logarithmic(errors, 5));
    boolean changed = !layer.structure().equals("keep");
    // A plan may take what lies between two candidates, so that none of them is where the ring is.
    Plot.Point taken = new Plot.Point(layer.weightsAfter(), layer.expectedError());
    if (changed) {
      plot.dot("large ring", taken, "").dot("large hole", taken, "");
    }
    for (CandidatePoint point : points) {
      plot.dot(
          classOf(point),
          new Plot.Point(point.weights(), point.error()),
          "%s: %s weights, error %s"
              .formatted(
                  point.structure(), Numbers.count(point.weights()), Numbers.three(point.error())));
    }
    if (changed) {
      String form = layer.structure().contains("+") ? SUM : Look.form(layer.structure());
      plot.dot(form, taken, layer.structure());
    }
    Element figure =
        Element.of("figure")
            .add(
                Element.of("figcaption")
                    .add(Element.of("code").text(layer.name()))
                    .add(Element.of("span", "note").text(layer.structure())))
            .add(plot.element("small", "weights", "error"));
    layer
        .analysis()
        .sums()
        .filter(sums -> !sums.points().isEmpty())
        .ifPresent(sums -> figure.add(Element.of("p", "note").text(sentence(layer, sums))));
    return figure;
  }

  private static String sentence(LayerResult layer, SumFinding sums) {
    SumFinding.Point best = best(layer);
    String change = Numbers.signed(-100 * best.gain()) + "\u202F%";
    return "%s at %s weights: error %s, single components %s%s."
        .formatted(
            sums.onEnvelope() ? "A sum wins" : "The best sum loses",
            Numbers.compact(best.weights()),
            Numbers.three(best.error()),
            Numbers.three(best.singleError()),
            best.gain() > -1 ? " (" + change + ")" : "");
  }
}
