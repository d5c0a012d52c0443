package io.pare.job;

import io.pare.algorithm.Evaluation;
import io.pare.algorithm.Structure;
import io.pare.model.KeptLayer;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSessions;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.report.Accuracy;
import io.pare.report.Json;
import io.pare.report.LayerAnalysis;
import io.pare.report.LayerResult;
import io.pare.report.Manifest;
import io.pare.report.NetworkFigures;
import io.pare.report.RunReport;
import io.pare.stage.PreparedImages;
import io.pare.stage.RefitNetworkStage.LayerFit;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The compressed network as written, and what was measured of it.
 *
 * @param result that it came from
 * @param model the ONNX file
 * @param before figures of the original
 * @param after figures of {@code model}, read back from its bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record WrittenNetwork(Result result, byte[] model, NetworkFigures before, NetworkFigures after) {
  private static final String MODEL = "model.onnx";
  static final String REPORT = "report.json";
  static final String MANIFEST = "manifest.json";

  /** What the stages gave. */
  record Result(
      SourceNetwork source,
      CompressionPlan plan,
      Map<String, LayerFit> fits,
      PreparedImages images) {}

  /**
   * Reads a written network back, as any consumer would, and measures it.
   *
   * @param evaluations of the original and of the written network; empty where there are no
   *     validation images
   */
  static WrittenNetwork measured(Result result, byte[] model, List<Evaluation> evaluations) {
    SourceNetwork source = result.source();
    OnnxNetwork readBack = ModelReader.read(MODEL, model, ExternalData.none());
    NetworkLayers layers =
        NetworkLayers.of(readBack, ShapeMeasurement.of(readBack, source.input()));
    return new WrittenNetwork(
        result,
        model,
        figures(source.layers(), source.fileBytes(), evaluations.stream().findFirst()),
        figures(layers, model.length, evaluations.stream().skip(1).findFirst()));
  }

  private static NetworkFigures figures(
      NetworkLayers layers, long bytes, Optional<Evaluation> evaluation) {
    return new NetworkFigures(
        layers.total().weights(),
        layers.total().macs(),
        bytes,
        evaluation.map(Accuracy::of),
        Optional.empty());
  }

  /** What the file says of itself; nothing that differs between two runs of one configuration. */
  static Map<String, String> metadata(SourceNetwork source, JobConfig config) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("pare.version", Version.text());
    metadata.put("pare.source.sha256", source.sha256());
    metadata.put("pare.target", config.solver().target().toString());
    metadata.put("pare.seed", Long.toString(config.solver().seed()));
    metadata.put("pare.preprocessing", config.network().preprocessing());
    return metadata;
  }

  /** The report of the run. */
  RunReport report(JobConfig config, Phases phases) {
    return new RunReport(
        result.source().name(),
        config.solver().target().toString(),
        before,
        after,
        layerResults(),
        result.images().count(),
        result.images().bad().stream().map(b -> b.name() + ": " + b.reason()).toList(),
        result.plan().loss(),
        result.plan().gap(),
        List.of(),
        List.of(),
        config.effective(),
        phases.seconds());
  }

  private List<LayerResult> layerResults() {
    Map<Integer, LayerResult> byIndex = new TreeMap<>();
    for (LayerPlan plan : result.plan().layers()) {
      byIndex.put(plan.layer().index(), changed(plan));
    }
    for (KeptLayer kept : result.source().layers().kept()) {
      byIndex.put(kept.index(), kept(kept));
    }
    return List.copyOf(byIndex.values());
  }

  private LayerResult changed(LayerPlan plan) {
    Layer layer = plan.layer();
    Optional<LayerFit> fit = Optional.ofNullable(result.fits().get(layer.name()));
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
        layer.activation().label(),
        plan.choice().label(),
        layer.cost().weights(),
        plan.choice().cost().weights(),
        sparseWeights(plan),
        layer.cost().macs(),
        plan.choice().cost().macs(),
        plan.choice().error(),
        plan.divergence(),
        fit.map(LayerFit::error).orElse(0.0),
        plan.reason().isEmpty() ? layer.note() : plan.reason(),
        LayerAnalysis.NONE);
  }

  private static long sparseWeights(LayerPlan plan) {
    Layer layer = plan.layer();
    return plan.choice().structures().stream()
        .filter(Structure.Sum.class::isInstance)
        .map(Structure.Sum.class::cast)
        .mapToLong(sum -> sum.sparseCost(layer.shape(), layer.geometry()).weights())
        .sum();
  }

  private static LayerResult kept(KeptLayer layer) {
    return new LayerResult(
        layer.name(),
        layer.operator(),
        "",
        1,
        "",
        "keep",
        layer.weights(),
        layer.weights(),
        0,
        layer.macs(),
        layer.macs(),
        0,
        0,
        0,
        layer.reason(),
        LayerAnalysis.NONE);
  }

  /** The files to publish, by name. */
  Map<String, byte[]> files(RunReport report, JobConfig config, RunId id) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(MODEL, model);
    files.put(REPORT, report.json().getBytes(StandardCharsets.UTF_8));
    Map<String, String> hashes = new TreeMap<>();
    Map<String, Long> lengths = new TreeMap<>();
    files.forEach(
        (name, bytes) -> {
          hashes.put(name, InferenceSessions.sha256(bytes));
          lengths.put(name, (long) bytes.length);
        });
    Manifest manifest =
        new Manifest(
            id.text(),
            Version.text(),
            Version.platform(),
            result.source().sha256(),
            hashes,
            lengths,
            config.effective());
    files.put(MANIFEST, Json.write(manifest).getBytes(StandardCharsets.UTF_8));
    return files;
  }
}
