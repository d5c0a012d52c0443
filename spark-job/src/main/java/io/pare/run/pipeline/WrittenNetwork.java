package io.pare.run.pipeline;

import io.pare.algorithm.statistics.Evaluation;
import io.pare.config.ConfigFile;
import io.pare.config.Constants;
import io.pare.config.JobConfig;
import io.pare.model.NetworkLayers;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSessions;
import io.pare.model.inference.Latency;
import io.pare.model.inference.NetworkTimer;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.quantization.Precision;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.report.Accuracy;
import io.pare.report.CheckRound;
import io.pare.report.Manifest;
import io.pare.report.MeasuredLatency;
import io.pare.report.ModeResult;
import io.pare.report.NetworkFigures;
import io.pare.report.QuantizationResult;
import io.pare.report.RecoveryResult;
import io.pare.report.RunReport;
import io.pare.report.card.LayersCsv;
import io.pare.report.card.ModelCard;
import io.pare.report.card.SumsCsv;
import io.pare.report.json.Json;
import io.pare.report.page.ReportPage;
import io.pare.run.input.ChosenPreprocessing;
import io.pare.run.input.RunId;
import io.pare.run.input.SourceNetwork;
import io.pare.run.input.Version;
import io.pare.run.progress.OtherLoad;
import io.pare.run.progress.Phases;
import io.pare.run.progress.Processor;
import io.pare.run.progress.ResidentMemory;
import io.pare.run.progress.Warnings;
import io.pare.stage.recovery.Recovery;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A compressed network as written, and what was measured of it.
 *
 * @param compressed that it is
 * @param before figures of the original
 * @param after figures of the file, read back from its bytes as any consumer would
 */
public record WrittenNetwork(Compressed compressed, NetworkFigures before, NetworkFigures after) {
  private static final String MODEL = "model.onnx";
  public static final String REPORT = "report.json";
  public static final String MANIFEST = "manifest.json";

  /**
   * Reads a written network back and measures it.
   *
   * @param before evaluation of the original
   * @param after evaluation of the network on the same images
   */
  static WrittenNetwork of(
      SourceNetwork source, Compressed compressed, Evaluation before, Evaluation after) {
    OnnxNetwork readBack = readBack(compressed);
    NetworkLayers layers =
        NetworkLayers.of(readBack, ShapeMeasurement.of(readBack, source.input()));
    return new WrittenNetwork(
        compressed,
        figures(source.layers(), source.fileBytes(), before),
        figures(layers, compressed.model().length, after));
  }

  /**
   * The same with the times of both networks for one image on one thread, taken in turns. Warns
   * where others took much of the machine meanwhile, and of a smaller network that is not faster.
   */
  public WrittenNetwork timed(SourceNetwork source, Warnings warnings) {
    OtherLoad.Measured<Latency> measured =
        OtherLoad.during(
            () ->
                NetworkTimer.compare(
                    source.original(), readBack(compressed), source.input(), 1, 1));
    measured.others().ifPresent(others -> ResultWarnings.ofLoad(others, source.name(), warnings));
    Latency latency = measured.value();
    if (after.weights() < before.weights()) {
      ResultWarnings.ofTime(
          latency.beforeMilliseconds(), latency.afterMilliseconds(), source.name(), warnings);
    }
    return new WrittenNetwork(
        compressed,
        timed(before, latency.beforeMilliseconds()),
        timed(after, latency.afterMilliseconds()));
  }

  private static NetworkFigures timed(NetworkFigures figures, double milliseconds) {
    return new NetworkFigures(
        figures.weights(),
        figures.macs(),
        figures.bytes(),
        figures.accuracy(),
        Optional.of(new MeasuredLatency(milliseconds, 1, 1)));
  }

  private static OnnxNetwork readBack(Compressed compressed) {
    return ModelReader.read(MODEL, compressed.model(), ExternalData.none());
  }

  private static NetworkFigures figures(NetworkLayers layers, long bytes, Evaluation evaluation) {
    return new NetworkFigures(
        layers.total().weights(),
        layers.total().macs(),
        bytes,
        Optional.of(Accuracy.of(evaluation)),
        Optional.empty());
  }

  /** What the file says of itself; nothing that differs between two runs of one configuration. */
  static Map<String, String> metadata(SourceNetwork source, JobConfig config) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("pare.version", Version.text());
    metadata.put("pare.source.sha256", source.sha256());
    metadata.put("pare.target", config.planning().goal().toString());
    metadata.put("pare.seed", Long.toString(config.solver().seed()));
    config.recovery().extent().ifPresent(extent -> metadata.put("pare.recover", extent.toString()));
    if (config.precision() != Precision.FP32) {
      metadata.put("pare.precision", Constants.name(config.precision()));
    }
    metadata.put(ChosenPreprocessing.METADATA, source.preprocessing().canonical());
    return metadata;
  }

  /** The figures of one of several methods or targets side by side. */
  public ModeResult comparison(boolean publishable) {
    return new ModeResult(
        compressed.method(),
        compressed.targetText(),
        after.weights(),
        after.macs(),
        after.bytes(),
        after.accuracy(),
        publishable);
  }

  /**
   * The report of the run.
   *
   * @param comparison networks of other methods
   * @param rounds of keeping a limit
   */
  public RunReport report(
      NetworkStudy study,
      JobConfig config,
      List<ModeResult> comparison,
      List<CheckRound> rounds,
      Phases phases,
      Warnings warnings) {
    return new RunReport(
        study.source().name(),
        config.planning().goal().toString(),
        before,
        after,
        LayerResults.of(
            study.source(),
            compressed,
            NetworkLayers.of(readBack(compressed), NetworkShapes.unknown()),
            study.options().get(compressed.mode())),
        study.images().count(),
        study.images().bad().stream().map(b -> b.name() + ": " + b.reason()).toList(),
        compressed.plan().loss(),
        compressed.plan().gap(),
        comparison,
        rounds,
        study.source().effective(config.effective()),
        made(study, config),
        phases.seconds(),
        ResidentMemory.peaks(),
        study.checkpoints().reused(),
        compressed.recovery().map(WrittenNetwork::result),
        compressed.quantization().map(WrittenNetwork::result),
        warnings.all());
  }

  private Map<String, String> made(NetworkStudy study, JobConfig config) {
    Map<String, String> made = new LinkedHashMap<>();
    made.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    made.put("command", ConfigFile.defaults().command("compress", config.effective()));
    made.put("driver's processor", Processor.name());
    made.put("driver's cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    made.put(
        "threads of a task", Integer.toString(study.sampled().jobImages().execution().threads()));
    made.put("pare", Version.text() + ", commit " + Version.commit());
    made.putAll(Version.platform());
    made.put("sha256 of the original", study.source().sha256());
    made.put("sha256 of model.onnx", InferenceSessions.sha256(compressed.model()));
    return made;
  }

  private static QuantizationResult result(Quantization quantization) {
    Map<String, Double> byRule = new LinkedHashMap<>();
    quantization.byRule().forEach((rule, value) -> byRule.put(Constants.name(rule), value));
    return new QuantizationResult(
        quantization.divergenceInFloats(),
        byRule,
        Constants.name(quantization.rule()),
        quantization.divergence(),
        quantization.layers().size(),
        quantization.inFourBits(),
        quantization.keptInFloats(),
        Processor.codes());
  }

  private static RecoveryResult result(Recovery recovery) {
    return new RecoveryResult(
        recovery.model().isPresent(),
        recovery.rate(),
        recovery.images(),
        recovery.points().stream()
            .map(
                point ->
                    new RecoveryResult.Point(
                        point.step(),
                        Optional.of(point.loss()),
                        point.divergence(),
                        Optional.of(point.agreement())))
            .toList(),
        recovery
            .blend()
            .map(
                blend ->
                    new RecoveryResult.Blend(
                        blend.share(), blend.divergence(), Optional.of(blend.agreement()))),
        recovery.remarks());
  }

  /**
   * Where a result comes from.
   *
   * @param run id of the run
   * @param source SHA-256 of the original network's file
   * @param recipe hash of all that the result depends on
   */
  public record Origin(RunId run, String source, String recipe) {}

  /** The files to publish, by name. */
  public Map<String, byte[]> files(RunReport report, Origin origin) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(MODEL, compressed.model());
    files.put(REPORT, report.json().getBytes(StandardCharsets.UTF_8));
    files.put("report.html", ReportPage.of(report).getBytes(StandardCharsets.UTF_8));
    files.put("layers.csv", LayersCsv.of(report).getBytes(StandardCharsets.UTF_8));
    files.put("sums.csv", SumsCsv.of(report).getBytes(StandardCharsets.UTF_8));
    files.put("README.md", ModelCard.of(report).getBytes(StandardCharsets.UTF_8));
    Map<String, String> hashes = new TreeMap<>();
    Map<String, Long> lengths = new TreeMap<>();
    files.forEach(
        (name, bytes) -> {
          hashes.put(name, InferenceSessions.sha256(bytes));
          lengths.put(name, (long) bytes.length);
        });
    Manifest manifest =
        new Manifest(
            origin.run().text(),
            Version.text(),
            Version.platform(),
            origin.source(),
            Optional.of(origin.recipe()),
            hashes,
            lengths,
            report.configuration());
    files.put(MANIFEST, Json.write(manifest).getBytes(StandardCharsets.UTF_8));
    return files;
  }
}
