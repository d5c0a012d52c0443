package io.pare.run.pipeline;

import io.pare.algorithm.admm.Trace;
import io.pare.algorithm.structure.Structure;
import io.pare.config.Constants;
import io.pare.model.KeptLayer;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.plan.LayerCandidate;
import io.pare.plan.LayerOptions;
import io.pare.plan.LayerPlan;
import io.pare.report.layer.AdmmTrace;
import io.pare.report.layer.CandidatePoint;
import io.pare.report.layer.LayerAnalysis;
import io.pare.report.layer.LayerResult;
import io.pare.report.layer.SensitivityPoint;
import io.pare.report.layer.SumFinding;
import io.pare.run.input.SourceNetwork;
import io.pare.stage.layers.LayerFit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What became of each layer, and how the decision came about, for the report. Stateless. */
public final class LayerResults {

  private LayerResults() {}

  /**
   * The results in graph order.
   *
   * @param written layers of the file: one that is kept loses the channels that nothing reads
   * @param options what the layers that may change could become
   */
  static List<LayerResult> of(
      SourceNetwork source,
      Compressed compressed,
      NetworkLayers written,
      List<LayerOptions.Priced> options) {
    Map<String, Long> weights = new HashMap<>();
    written.kept().forEach(kept -> weights.put(kept.name(), kept.weights()));
    Map<String, LayerOptions.Priced> byName = new TreeMap<>();
    options.forEach(layer -> byName.put(layer.options().layer().name(), layer));
    Map<Integer, LayerResult> results = new TreeMap<>();
    for (LayerPlan plan : compressed.plan().layers()) {
      Optional<LayerFit> fit = Optional.ofNullable(compressed.fits().get(plan.layer().name()));
      LayerAnalysis analysis =
          Optional.ofNullable(byName.get(plan.layer().name()))
              .map(layer -> analysis(layer, plan))
              .orElse(LayerAnalysis.NONE);
      results.put(plan.layer().index(), changed(plan, fit, analysis));
    }
    for (KeptLayer kept : source.layers().kept()) {
      results.put(kept.index(), kept(kept, weights.getOrDefault(kept.name(), kept.weights())));
    }
    return List.copyOf(results.values());
  }

  private static LayerResult changed(
      LayerPlan plan, Optional<LayerFit> fit, LayerAnalysis analysis) {
    Layer layer = plan.layer();
    return new LayerResult(
        layer.name(),
        layer.operator().onnx(),
        "%d x %d x %d x %d"
            .formatted(
                layer.shape().outputs(),
                layer.shape().inputChannels(),
                layer.shape().kernelHeight(),
                layer.shape().kernelWidth()),
        layer.groups(),
        layer.follows(),
        plan.choice().label(),
        layer.cost().weights(),
        plan.cost().weights(),
        Math.min(sparseWeights(plan), plan.cost().weights()),
        layer.cost().macs(),
        plan.cost().macs(),
        plan.choice().error(),
        plan.divergence(),
        fit.map(LayerFit::error).orElse(0.0),
        Stream.of(plan.reason(), layer.note())
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining("; ")),
        analysis);
  }

  private static long sparseWeights(LayerPlan plan) {
    Layer layer = plan.layer();
    return plan.choice().structures().stream()
        .filter(Structure.Sum.class::isInstance)
        .map(Structure.Sum.class::cast)
        .mapToLong(sum -> sum.sparseCost(layer.shape(), layer.geometry()).weights())
        .sum();
  }

  private static LayerAnalysis analysis(LayerOptions.Priced layer, LayerPlan plan) {
    List<CandidatePoint> points =
        layer.options().measured().stream().map(LayerResults::point).toList();
    List<SensitivityPoint> sensitivity = new ArrayList<>();
    layer
        .sensitivity()
        .measured()
        .forEach((error, divergence) -> sensitivity.add(new SensitivityPoint(error, divergence)));
    return new LayerAnalysis(
        points, SumFinding.of(points), sensitivity, traces(layer.options(), plan));
  }

  /** A candidate as a point of a chart. */
  public static CandidatePoint point(LayerCandidate candidate) {
    return new CandidatePoint(
        candidate.label(),
        candidate.family().map(Constants::name).orElse(""),
        candidate.cost().weights(),
        candidate.error(),
        candidate.isMixed());
  }

  /** The trace of the choice, then the longest. */
  private static List<AdmmTrace> traces(LayerOptions options, LayerPlan plan) {
    return options.traces().entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, Trace>, Boolean>comparing(
                    entry -> !entry.getKey().equals(plan.choice().label()))
                .thenComparing(entry -> -entry.getValue().iterations().size())
                .thenComparing(Map.Entry::getKey))
        .map(entry -> AdmmTrace.of(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** At as many positions as before, so that arithmetic goes with the weights. */
  private static LayerResult kept(KeptLayer layer, long weights) {
    long macs = layer.weights() == 0 ? layer.macs() : layer.macs() / layer.weights() * weights;
    return new LayerResult(
        layer.name(),
        layer.operator(),
        "",
        1,
        "",
        "keep",
        layer.weights(),
        weights,
        0,
        layer.macs(),
        macs,
        0,
        0,
        0,
        layer.reason(),
        LayerAnalysis.NONE);
  }
}
