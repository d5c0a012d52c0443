package io.pare.report.page;

import io.pare.report.RunReport;
import io.pare.report.figure.Numbers;
import io.pare.report.figure.Scale;
import io.pare.report.layer.AdmmTrace;
import io.pare.report.layer.LayerResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the ADMM went, layer by layer: residuals against iterations. */
final class ConvergenceCharts {
  private static final int MOST_POINTS = 150;
  private static final int MOST_CURVES = 16;

  private ConvergenceCharts() {}

  static Optional<Element> of(RunReport report) {
    List<LayerResult> layers =
        report.layers().stream().filter(layer -> !layer.analysis().traces().isEmpty()).toList();
    if (layers.isEmpty()) {
      return Optional.empty();
    }
    Element charts = Element.of("div", "charts");
    layers.forEach(layer -> charts.add(chart(layer)));
    Element legend =
        Element.of("p", "legend")
            .add(Look.key("primal", "primal residual"))
            .add(Look.key("dual", "dual residual"));
    List<AdmmTrace> all =
        layers.stream().flatMap(layer -> layer.analysis().traces().stream()).toList();
    Element finding =
        Element.of("p", "finding")
            .text("In %d layers: ".formatted(layers.size()) + summary(all, all.size()));
    return Optional.of(
        Look.section(
                "Convergence of the ADMM",
                "Relative residuals, every run of a layer in one chart. A run that ends dominated, at its bound of work or at its limit of iterations is no solution; its support and rank are a candidate all the same, since each is fitted anew.")
            .add(finding, legend, charts));
  }

  private static Element chart(LayerResult layer) {
    List<AdmmTrace> traces = layer.analysis().traces();
    List<AdmmTrace> drawn = evenly(traces, MOST_CURVES);
    List<Double> iterations = new ArrayList<>(List.of(0.0));
    List<Double> residuals = new ArrayList<>();
    for (AdmmTrace trace : drawn) {
      iterations.add((double) trace.iterations());
      residuals.addAll(trace.primalResidual());
      residuals.addAll(trace.dualResidual());
    }
    Plot plot =
        new Plot(
            Scale.linear(iterations, value -> Long.toString(Math.round(value))),
            Scale.logarithmic(residuals, 8));
    for (AdmmTrace trace : drawn) {
      plot.line("primal", points(trace.primalResidual()));
      plot.line("dual", points(trace.dualResidual()));
    }
    Element figure =
        Element.of("figure")
            .add(Element.of("figcaption").add(Element.of("code").text(layer.name())))
            .add(plot.element("small", "iteration", "residual"))
            .add(Element.of("p", "note").text(summary(traces, drawn.size())));
    return figure.add(details(traces));
  }

  private static <T> List<T> evenly(List<T> all, int most) {
    List<T> some = new ArrayList<>();
    int count = Math.min(all.size(), most);
    for (int k = 0; k < count; k++) {
      some.add(all.get(count == 1 ? 0 : (int) ((long) k * (all.size() - 1) / (count - 1))));
    }
    return some;
  }

  private static List<Plot.Point> points(List<Double> residuals) {
    List<Integer> places = new ArrayList<>();
    for (int k = 0; k < residuals.size(); k++) {
      places.add(k);
    }
    return evenly(places, MOST_POINTS).stream()
        .map(k -> new Plot.Point(k + 1, residuals.get(k)))
        .toList();
  }

  private static String summary(List<AdmmTrace> traces, int drawn) {
    int most = traces.stream().mapToInt(AdmmTrace::iterations).max().orElse(0);
    int least = traces.stream().mapToInt(AdmmTrace::iterations).min().orElse(0);
    String reasons =
        traces.stream()
            .collect(Collectors.groupingBy(AdmmTrace::stopReason, Collectors.counting()))
            .entrySet()
            .stream()
            .sorted(Map.Entry.comparingByKey())
            .map(reason -> reason.getValue() + " " + reason.getKey())
            .collect(Collectors.joining(", "));
    String runs =
        drawn == traces.size()
            ? traces.size() + (drawn == 1 ? " run" : " runs")
            : traces.size() + " runs, " + drawn + " of them drawn";
    return "%s of %d to %d iterations: %s.".formatted(runs, least, most, reasons);
  }

  private static Element details(List<AdmmTrace> traces) {
    Table table =
        new Table(
            4,
            "run",
            "updates",
            "ended",
            "work",
            "iterations",
            "objective",
            "penalty",
            "rank",
            "support");
    for (AdmmTrace trace : traces) {
      table.add(
          trace.label(),
          trace.variant(),
          trace.stopReason(),
          Numbers.percent(trace.share()),
          Integer.toString(trace.iterations()),
          last(trace.objective()).map(Numbers::three).orElse("–"),
          last(trace.penalty()).map(Numbers::three).orElse("–"),
          last(trace.rank()).map(String::valueOf).orElse("–"),
          last(trace.supportSize()).map(String::valueOf).orElse("–"));
    }
    return Element.of("details").add(Element.of("summary").text("Run by run")).add(table.element());
  }

  private static <T> Optional<T> last(List<T> values) {
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
  }
}
