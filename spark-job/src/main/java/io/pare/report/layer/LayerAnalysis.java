package io.pare.report.layer;

import io.pare.report.json.Missing;
import java.util.List;
import java.util.Optional;

/**
 * How the decision about one layer came about. Everything may be empty.
 *
 * @param candidates what the layer could have become
 * @param sums whether sums of both components win, where there are any among the candidates
 * @param sensitivity measured points
 * @param traces runs of the ADMM
 */
public record LayerAnalysis(
    List<CandidatePoint> candidates,
    Optional<SumFinding> sums,
    List<SensitivityPoint> sensitivity,
    List<AdmmTrace> traces) {
  /** Nothing is known. */
  public static final LayerAnalysis NONE = of(List.of(), List.of(), List.of());

  public LayerAnalysis {
    candidates = Missing.orEmpty(candidates);
    sensitivity = Missing.orEmpty(sensitivity);
    traces = Missing.orEmpty(traces);
  }

  /** The run of the ADMM that found a structure. */
  public Optional<AdmmTrace> trace(String structure) {
    return traces.stream().filter(trace -> trace.label().equals(structure)).findFirst();
  }

  /** An analysis whose finding about sums follows from the candidates. */
  public static LayerAnalysis of(
      List<CandidatePoint> candidates, List<SensitivityPoint> sensitivity, List<AdmmTrace> traces) {
    return new LayerAnalysis(candidates, SumFinding.of(candidates), sensitivity, traces);
  }
}
