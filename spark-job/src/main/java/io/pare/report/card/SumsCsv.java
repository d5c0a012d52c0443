package io.pare.report.card;

import io.pare.report.RunReport;
import io.pare.report.layer.AdmmTrace;
import io.pare.report.layer.CandidatePoint;
import io.pare.report.layer.LayerResult;
import io.pare.report.layer.SumComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sums that the ADMM found, layer by layer, beside what else the layer could become at that
 * cost, as a table for spreadsheets. A cell is empty where there is nothing to compare with. Pure
 * functions.
 */
public final class SumsCsv {
  private static final List<String> HEADINGS =
      List.of(
          "layer",
          "weights_before",
          "weights",
          "sum",
          "error",
          "ended",
          "iterations",
          "work_share",
          "greedy_sum",
          "greedy_error",
          "single",
          "single_error");

  private SumsCsv() {}

  /** The table of a report. */
  public static String of(RunReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (LayerResult layer : report.layers()) {
      for (SumComparison sums : SumComparison.of(layer.analysis().candidates())) {
        rows.add(row(layer, sums));
      }
    }
    return Csv.of(HEADINGS, rows);
  }

  private static List<String> row(LayerResult layer, SumComparison sums) {
    Optional<AdmmTrace> trace = layer.analysis().trace(sums.admm().structure());
    return List.of(
        Csv.text(layer.name()),
        Long.toString(layer.weightsBefore()),
        Long.toString(sums.admm().weights()),
        Csv.text(sums.admm().structure()),
        Double.toString(sums.admm().error()),
        trace.map(AdmmTrace::stopReason).orElse(""),
        trace.map(its -> Integer.toString(its.iterations())).orElse(""),
        trace.map(its -> Double.toString(its.share())).orElse(""),
        structure(sums.greedy()),
        error(sums.greedy()),
        structure(sums.single()),
        error(sums.single()));
  }

  private static String structure(Optional<CandidatePoint> point) {
    return point.map(its -> Csv.text(its.structure())).orElse("");
  }

  private static String error(Optional<CandidatePoint> point) {
    return point.map(its -> Double.toString(its.error())).orElse("");
  }
}
