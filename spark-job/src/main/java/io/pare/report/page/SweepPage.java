package io.pare.report.page;

import io.pare.report.Accuracy;
import io.pare.report.ModeResult;
import io.pare.report.SweepReport;
import io.pare.report.figure.Numbers;
import io.pare.report.layer.SumFinding;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** The report of a sweep as one HTML page: its curves first. Pure functions. */
public final class SweepPage {

  private SweepPage() {}

  /** The page of a report. */
  public static String of(SweepReport report) {
    Element main = Element.of("main").add(header(report));
    warnings(report).ifPresent(main::add);
    SizeChart.of(report).ifPresent(main::add);
    unreachable(report).ifPresent(main::add);
    sums(report).ifPresent(main::add);
    RunFacts.time(report.seconds(), Map.of()).ifPresent(main::add);
    RunFacts.configuration(report.configuration()).ifPresent(main::add);
    main.add(
        Element.of("footer")
            .add(Element.of("p").text("All figures of this page are in sweep.json.")));
    return Page.of(name(report) + ", swept", main);
  }

  private static String name(SweepReport report) {
    return report.model().substring(report.model().lastIndexOf('/') + 1);
  }

  private static Element header(SweepReport report) {
    Element header =
        Element.of("header")
            .add(Element.of("p", "kicker").text("Pare · report of a sweep"))
            .add(Element.of("h1").text(name(report)))
            .add(
                Element.of("p", "summary")
                    .text(
                        "%d networks of %d methods, fitted on %s images and measured on the same images as the original of %s weights."
                            .formatted(
                                report.results().size(),
                                report.results().stream().map(ModeResult::mode).distinct().count(),
                                Numbers.count(report.images()),
                                Numbers.compact(report.before().weights()))));
    best(report).ifPresent(text -> header.add(Element.of("p", "verdict").text(text)));
    return header;
  }

  /** The network of the fewest weights among those that keep top-1 within a point. */
  private static Optional<String> best(SweepReport report) {
    Optional<Double> original =
        report.before().accuracy().filter(a -> a.labelled() > 0).map(Accuracy::top1Rate);
    if (original.isEmpty()) {
      return Optional.empty();
    }
    Optional<ModeResult> smallest =
        report.results().stream()
            .filter(result -> result.accuracy().isPresent())
            .filter(result -> result.accuracy().get().top1Rate() >= original.get() - 0.01)
            .min(Comparator.comparingLong(ModeResult::weights));
    return Optional.of(
        smallest
            .map(
                result ->
                    "Smallest within a point of the original's top-1: %s at %s, %s weights, %s instead of %s."
                        .formatted(
                            result.mode(),
                            result.target(),
                            Numbers.compact(result.weights()),
                            Numbers.percent(result.accuracy().orElseThrow().top1Rate()),
                            Numbers.percent(original.get())))
            .orElse("No network stays within a point of the original's top-1."));
  }

  private static Optional<Element> warnings(SweepReport report) {
    return RunFacts.warnings(report.warnings());
  }

  private static Optional<Element> unreachable(SweepReport report) {
    if (report.unreachable().isEmpty()) {
      return Optional.empty();
    }
    Element list = Element.of("ul", "lines");
    report.unreachable().forEach(reason -> list.add(Element.of("li").text(reason)));
    return Optional.of(Look.section("Not reached", "").add(list));
  }

  private static Optional<Element> sums(SweepReport report) {
    if (report.sums().isEmpty()) {
      return Optional.empty();
    }
    Table table =
        new Table(3, "layer", "sums", "the best", "weights", "held-out error", "single component");
    report
        .sums()
        .forEach(
            (layer, finding) ->
                finding.points().stream()
                    .max(Comparator.comparingDouble(SumFinding.Point::gain))
                    .ifPresent(point -> table.add(row(layer, finding, point))));
    return Optional.of(
        Look.section(
                "Sums of both components",
                "For each layer that could take one the best sum of a low-rank and a sparse component, beside a single component of the same weights.")
            .add(table.element()));
  }

  private static String[] row(String layer, SumFinding finding, SumFinding.Point point) {
    return new String[] {
      layer,
      finding.onEnvelope() ? "win" : "lose",
      point.structure(),
      Numbers.count(point.weights()),
      Numbers.three(point.error()),
      Numbers.three(point.singleError())
    };
  }
}
