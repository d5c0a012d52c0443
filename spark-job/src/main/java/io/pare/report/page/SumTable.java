package io.pare.report.page;

import io.pare.report.RunReport;
import io.pare.report.figure.Numbers;
import io.pare.report.layer.AdmmTrace;
import io.pare.report.layer.CandidatePoint;
import io.pare.report.layer.LayerResult;
import io.pare.report.layer.SumComparison;
import java.util.List;
import java.util.Optional;

/** The sums of the extended ADMM, layer by layer, beside the others of their cost. Stateless. */
final class SumTable {
  private SumTable() {}

  static Optional<Element> of(RunReport report) {
    Table table =
        new Table(
            5,
            "layer",
            "sum of the ADMM",
            "greedy sum",
            "one component",
            "ended",
            "iterations",
            "work",
            "weights",
            "error",
            "greedy",
            "one component");
    int all = 0;
    int won = 0;
    for (LayerResult layer : report.layers()) {
      for (SumComparison sums : SumComparison.of(layer.analysis().candidates())) {
        add(table, layer, sums);
        all++;
        won += sums.wins() ? 1 : 0;
      }
    }
    if (all == 0) {
      return Optional.empty();
    }
    return Optional.of(
        Look.section(
                "Sums of the ADMM at equal cost",
                "Each sum that the ADMM found beside the best greedy sum and the best single component of at most 1.05 times its weights: structures, then errors on images that no fit has seen. Work is its estimated share of the solving of all layers.")
            .add(Element.of("p", "finding").text(finding(report, won, all)))
            .add(table.element()));
  }

  private static String finding(RunReport report, int won, int all) {
    List<AdmmTrace> traces =
        report.layers().stream().flatMap(layer -> layer.analysis().traces().stream()).toList();
    double share = traces.stream().mapToDouble(AdmmTrace::share).sum();
    long limited =
        traces.stream().filter(trace -> trace.stopReason().equals("iteration limit")).count();
    return "%d of %d sums beat both. The ADMM took %s of the estimated work of solving all layers; %d of its runs ended at the iteration limit."
        .formatted(won, all, Numbers.percent(share), limited);
  }

  private static void add(Table table, LayerResult layer, SumComparison sums) {
    Optional<AdmmTrace> trace = layer.analysis().trace(sums.admm().structure());
    table.add(
        layer.name(),
        sums.admm().structure(),
        sums.greedy().map(CandidatePoint::structure).orElse("–"),
        sums.single().map(CandidatePoint::structure).orElse("–"),
        trace.map(AdmmTrace::stopReason).orElse("–"),
        trace.map(each -> Integer.toString(each.iterations())).orElse("–"),
        trace.map(each -> Numbers.percent(each.share())).orElse("–"),
        Numbers.compact(sums.admm().weights()),
        Numbers.three(sums.admm().error()),
        sums.greedy().map(point -> Numbers.three(point.error())).orElse("–"),
        sums.single().map(point -> Numbers.three(point.error())).orElse("–"));
  }
}
