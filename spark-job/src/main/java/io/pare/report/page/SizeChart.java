package io.pare.report.page;

import io.pare.report.Accuracy;
import io.pare.report.ModeResult;
import io.pare.report.NetworkFigures;
import io.pare.report.RunReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Accuracy against size: the modes that were run, the original and the result. */
final class SizeChart {
  private final RunReport report;
  private final Map<String, List<ModeResult>> modes = new LinkedHashMap<>();
  private final boolean labelled;

  private SizeChart(RunReport report) {
    this.report = report;
    for (ModeResult result : report.comparison()) {
      modes.computeIfAbsent(result.mode(), mode -> new ArrayList<>()).add(result);
    }
    modes.values().forEach(list -> list.sort(Comparator.comparingLong(ModeResult::weights)));
    this.labelled = report.after().accuracy().map(Accuracy::labelled).orElse(0L) > 0;
  }

  static Optional<Element> of(RunReport report) {
    if (report.comparison().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new SizeChart(report).section());
  }

  private Element section() {
    Element section =
        Look.section(
            "Accuracy against size",
            "Ways of compressing on the same images, none of them fine-tuned%s. Lines through the points are 95\u202F%% intervals."
                .formatted(compared()));
    Element legend = Element.of("p", "legend");
    int place = 0;
    for (String mode : modes.keySet()) {
      legend.add(Look.key(Look.mode(mode, place++), mode));
    }
    return section.add(legend, chart(), table());
  }

  /** The modes whose networks are there to compare with. */
  private String compared() {
    String names =
        modes.entrySet().stream()
            .filter(mode -> mode.getValue().stream().noneMatch(ModeResult::publishable))
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : "; " + names + " only to compare with";
  }

  private String measure() {
    return labelled ? "top-1" : "agreement";
  }

  private double rate(Accuracy accuracy) {
    return labelled ? accuracy.top1Rate() : accuracy.agreement().orElse(1.0);
  }

  private List<Double> interval(Accuracy accuracy) {
    long images = labelled ? accuracy.labelled() : accuracy.images();
    return Accuracy.wilson(Math.round(rate(accuracy) * images), images);
  }

  private Element chart() {
    List<Double> sizes = new ArrayList<>(List.of(0.0));
    List<Double> rates = new ArrayList<>();
    for (ModeResult result : report.comparison()) {
      sizes.add((double) result.weights());
      result.accuracy().ifPresent(accuracy -> rates.addAll(interval(accuracy)));
    }
    for (NetworkFigures network : List.of(report.before(), report.after())) {
      sizes.add((double) network.weights());
      network.accuracy().ifPresent(accuracy -> rates.addAll(interval(accuracy)));
    }
    Plot plot =
        new Plot(Scale.linear(sizes, Numbers::round), Scale.linear(rates, Numbers::wholePercent));
    int place = 0;
    for (Map.Entry<String, List<ModeResult>> mode : modes.entrySet()) {
      draw(plot, Look.mode(mode.getKey(), place++), mode.getValue());
    }
    draw(plot, "before", report.before(), "original");
    draw(plot, "after", report.after(), "this result");
    return plot.element("tall", "weights", measure());
  }

  private void draw(Plot plot, String classes, List<ModeResult> results) {
    List<Plot.Point> line = new ArrayList<>();
    for (ModeResult result : results) {
      result
          .accuracy()
          .ifPresent(accuracy -> line.add(new Plot.Point(result.weights(), rate(accuracy))));
    }
    plot.line(classes, line);
    for (ModeResult result : results) {
      String title =
          "%s, %s: %s weights".formatted(result.mode(), result.target(), result.weights());
      result
          .accuracy()
          .ifPresent(accuracy -> point(plot, classes, result.weights(), accuracy, title));
    }
  }

  private void draw(Plot plot, String classes, NetworkFigures network, String name) {
    network
        .accuracy()
        .ifPresent(
            accuracy -> {
              point(plot, "large " + classes, network.weights(), accuracy, name);
              plot.label("", new Plot.Point(network.weights(), rate(accuracy)), name);
            });
  }

  private void point(Plot plot, String classes, long weights, Accuracy accuracy, String title) {
    List<Double> interval = interval(accuracy);
    plot.interval(classes, new Plot.Point(weights, interval.get(0)), interval.get(1));
    plot.dot(
        classes,
        new Plot.Point(weights, rate(accuracy)),
        title + ", " + Numbers.percent(rate(accuracy)));
  }

  private Element table() {
    Table table =
        new Table(
            2,
            "mode",
            "target",
            "weights",
            measure(),
            "95\u202F% interval",
            "agreement",
            "MACs",
            "file");
    for (List<ModeResult> results : modes.values()) {
      for (ModeResult result : results) {
        Optional<Accuracy> accuracy = result.accuracy();
        table.add(
            result.mode(),
            result.target(),
            Numbers.count(result.weights()),
            accuracy.map(a -> Numbers.percent(rate(a))).orElse("–"),
            accuracy
                .map(this::interval)
                .map(i -> Numbers.percent(i.get(0)) + " to " + Numbers.percent(i.get(1)))
                .orElse("–"),
            accuracy.flatMap(Accuracy::agreement).map(Numbers::percent).orElse("–"),
            Numbers.compact(result.macs()),
            Numbers.bytes(result.bytes()));
      }
    }
    return table.element();
  }
}
