package io.pare.report.page;

import io.pare.report.Accuracy;
import io.pare.report.ModeResult;
import io.pare.report.NetworkFigures;
import io.pare.report.RunReport;
import io.pare.report.SweepReport;
import io.pare.report.figure.Numbers;
import io.pare.report.figure.Scale;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Accuracy against size: the modes that were run, the original and the result. */
final class SizeChart {
  /** Share of the axis of rates that is left free below, for a label. */
  private static final double LABEL_ROOM = 0.08;

  /** Share of the original's weights by which modes of one size are drawn apart. */
  private static final double STEP_ASIDE = 0.012;

  private final NetworkFigures before;
  private final Optional<NetworkFigures> after;
  private final List<ModeResult> results;
  private final Map<String, List<ModeResult>> modes = new LinkedHashMap<>();
  private final boolean labelled;

  private SizeChart(
      NetworkFigures before, Optional<NetworkFigures> after, List<ModeResult> results) {
    this.before = before;
    this.after = after;
    this.results = results;
    for (ModeResult result : results) {
      modes.computeIfAbsent(result.mode(), mode -> new ArrayList<>()).add(result);
    }
    modes.values().forEach(list -> list.sort(Comparator.comparingLong(ModeResult::weights)));
    this.labelled =
        results.stream()
            .flatMap(result -> result.accuracy().stream())
            .anyMatch(accuracy -> accuracy.labelled() > 0);
  }

  static Optional<Element> of(RunReport report) {
    return of(report.before(), Optional.of(report.after()), report.comparison());
  }

  /** The curves of a sweep. */
  static Optional<Element> of(SweepReport report) {
    return of(report.before(), Optional.empty(), report.results());
  }

  private static Optional<Element> of(
      NetworkFigures before, Optional<NetworkFigures> after, List<ModeResult> results) {
    boolean measured =
        results.stream()
            .flatMap(result -> result.accuracy().stream())
            .anyMatch(accuracy -> accuracy.labelled() > 0 || accuracy.agreement().isPresent());
    return measured
        ? Optional.of(new SizeChart(before, after, results).section())
        : Optional.empty();
  }

  private Element section() {
    Element section =
        Look.section(
            "Accuracy against size",
            "Ways of compressing on the same images, without labels%s. Lines through the points are 95\u202F%% intervals; what has the same size stands side by side."
                .formatted(compared()));
    Element legend = Element.of("p", "legend");
    int place = 0;
    for (String mode : modes.keySet()) {
      legend.add(Look.key(Look.mode(mode, place++), mode));
    }
    Element figures =
        Element.of("details", "more").add(Element.of("summary").text("All figures"), table());
    return section.add(legend, chart(), figures);
  }

  /** The modes whose networks are there to compare with. */
  private String compared() {
    String names =
        modes.entrySet().stream()
            .filter(mode -> mode.getValue().stream().noneMatch(ModeResult::publishable))
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    boolean sweep = results.stream().noneMatch(ModeResult::publishable);
    return names.isEmpty() || sweep ? "" : "; " + names + " only to compare with";
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
    for (ModeResult result : results) {
      sizes.add((double) result.weights());
      result.accuracy().ifPresent(accuracy -> rates.addAll(interval(accuracy)));
    }
    for (NetworkFigures network : networks()) {
      sizes.add((double) network.weights());
      network.accuracy().ifPresent(accuracy -> rates.addAll(interval(accuracy)));
    }
    // What stands aside of the largest network stays on the axis.
    sizes.add(Collections.max(sizes) + aside(Math.max(0, modes.size() - 1) & ~1));
    double least = Collections.min(rates);
    rates.add(Math.max(0, least - LABEL_ROOM * (Collections.max(rates) - least)));
    Plot plot = new Plot(Scale.linear(sizes, Numbers::round), Scale.percent(rates));
    int place = 0;
    for (Map.Entry<String, List<ModeResult>> mode : modes.entrySet()) {
      draw(plot, Look.mode(mode.getKey(), place), mode.getValue(), aside(place));
      place++;
    }
    draw(plot, "before", before, Plot.Side.ABOVE, "original");
    after.ifPresent(its -> draw(plot, "after", its, Plot.Side.BELOW, "this result"));
    return plot.element("tall", "weights", measure());
  }

  private List<NetworkFigures> networks() {
    return Stream.concat(Stream.of(before), after.stream()).toList();
  }

  /** In weights: 0, a step to the left, one to the right, two to the left. */
  private double aside(int place) {
    int steps = (place + 1) / 2;
    return (place % 2 == 0 ? steps : -steps) * STEP_ASIDE * before.weights();
  }

  private void draw(Plot plot, String classes, List<ModeResult> results, double aside) {
    List<Plot.Point> line = new ArrayList<>();
    for (ModeResult result : results) {
      result
          .accuracy()
          .ifPresent(
              accuracy -> line.add(new Plot.Point(result.weights() + aside, rate(accuracy))));
    }
    plot.line(classes, line);
    for (ModeResult result : results) {
      String title =
          "%s, %s: %s weights".formatted(result.mode(), result.target(), result.weights());
      result
          .accuracy()
          .ifPresent(accuracy -> point(plot, classes, result.weights() + aside, accuracy, title));
    }
  }

  private void draw(
      Plot plot, String classes, NetworkFigures network, Plot.Side side, String name) {
    network
        .accuracy()
        .ifPresent(
            accuracy -> {
              point(plot, "large " + classes, (double) network.weights(), accuracy, name);
              double end = interval(accuracy).get(side == Plot.Side.ABOVE ? 1 : 0);
              plot.label(side, new Plot.Point(network.weights(), end), name);
            });
  }

  private void point(Plot plot, String classes, double weights, Accuracy accuracy, String title) {
    List<Double> interval = interval(accuracy);
    plot.interval(classes, new Plot.Point(weights, interval.get(0)), interval.get(1));
    plot.dot(
        classes,
        new Plot.Point(weights, rate(accuracy)),
        title + ", " + Numbers.percent(rate(accuracy)));
  }

  private Element table() {
    List<String> headings = new ArrayList<>(List.of("mode", "target", "weights", measure()));
    headings.add("95\u202F% interval");
    if (labelled) {
      headings.add("agreement");
    }
    headings.addAll(List.of("MACs", "file"));
    Table table = new Table(2, headings.toArray(String[]::new));
    modes.values().forEach(results -> results.forEach(result -> table.add(row(result))));
    return table.element();
  }

  private String[] row(ModeResult result) {
    Optional<Accuracy> accuracy = result.accuracy();
    List<String> cells =
        new ArrayList<>(
            List.of(
                result.mode(),
                result.target(),
                Numbers.count(result.weights()),
                accuracy.map(a -> Numbers.percent(rate(a))).orElse("–"),
                accuracy
                    .map(this::interval)
                    .map(i -> Numbers.percent(i.get(0)) + " to " + Numbers.percent(i.get(1)))
                    .orElse("–")));
    if (labelled) {
      cells.add(accuracy.flatMap(Accuracy::agreement).map(Numbers::percent).orElse("–"));
    }
    cells.addAll(List.of(Numbers.compact(result.macs()), Numbers.bytes(result.bytes())));
    return cells.toArray(String[]::new);
  }
}
