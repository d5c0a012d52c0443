package io.pare.report.layer;

import io.pare.algorithm.admm.Trace;
import io.pare.algorithm.admm.Trace.Iteration;
import io.pare.report.json.Missing;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One run of the ADMM, kept as columns: entry i of each list is iteration i + 1. Six digits are
 * kept of every number, which is what a curve needs.
 *
 * @param label what was solved, for people: family and weights of the penalties
 * @param variant order of the updates in the last iteration
 * @param stopReason why the last iteration was the last
 * @param share of the estimated solving work of all layers that it took
 * @param objective with the penalties
 * @param primalResidual relative
 * @param dualResidual relative
 * @param penalty rho
 * @param rank of the low-rank component
 * @param supportSize groups of the sparse component that are not zero
 */
public record AdmmTrace(
    String label,
    String variant,
    String stopReason,
    double share,
    List<Double> objective,
    List<Double> primalResidual,
    List<Double> dualResidual,
    List<Double> penalty,
    List<Integer> rank,
    List<Integer> supportSize) {
  private static final MathContext SIX_DIGITS = new MathContext(6);

  public AdmmTrace {
    Missing.refuse(label, variant, stopReason);
    objective = Missing.orEmpty(objective);
    primalResidual = Missing.orEmpty(primalResidual);
    dualResidual = Missing.orEmpty(dualResidual);
    penalty = Missing.orEmpty(penalty);
    rank = Missing.orEmpty(rank);
    supportSize = Missing.orEmpty(supportSize);
    int iterations = primalResidual.size();
    for (List<?> column : List.of(objective, dualResidual, penalty, rank, supportSize)) {
      if (column.size() != iterations) {
        throw new IllegalArgumentException(
            "%s: one column has %d iterations, another %d"
                .formatted(label, iterations, column.size()));
      }
    }
  }

  /** A trace as the solver gives it. */
  public static AdmmTrace of(String label, Trace trace) {
    List<Iteration> rows = trace.iterations();
    return new AdmmTrace(
        label,
        trace.last().variant().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        trace.stopReason().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        sixDigits(trace.share()),
        column(rows, Iteration::objective),
        column(rows, Iteration::primalResidual),
        column(rows, Iteration::dualResidual),
        column(rows, Iteration::penalty),
        rows.stream().map(Iteration::rank).toList(),
        rows.stream().map(Iteration::supportSize).toList());
  }

  private static List<Double> column(List<Iteration> rows, ToDoubleFunction<Iteration> value) {
    return rows.stream().map(row -> sixDigits(value.applyAsDouble(row))).toList();
  }

  private static double sixDigits(double value) {
    return Double.isFinite(value) ? new BigDecimal(value).round(SIX_DIGITS).doubleValue() : value;
  }

  /** Number of iterations. */
  public int iterations() {
    return primalResidual.size();
  }
}
