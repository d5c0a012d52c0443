package io.pare.run.pipeline;

import io.pare.algorithm.candidate.Mode;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.learning.Extent;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.Structure;
import io.pare.config.JobConfig;
import io.pare.io.checkpoint.RecordHash;
import io.pare.model.OnnxNetwork;
import io.pare.model.quantization.HalfWeights;
import io.pare.model.quantization.Precision;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.model.rewrite.TrainableWeights;
import io.pare.plan.CompressionPlan;
import io.pare.plan.LayerPlan;
import io.pare.plan.Planner;
import io.pare.plan.Target;
import io.pare.run.progress.Phases;
import io.pare.stage.layers.LayerFit;
import io.pare.stage.layers.LayerGroups;
import io.pare.stage.layers.RefitNetworkStage;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.network.GatherHistogramsStage;
import io.pare.stage.recovery.RecoverNetworkStage;
import io.pare.stage.recovery.Recovery;
import io.pare.stage.spark.Checkpoints;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;

/** Plans, fits and writes networks from one study. */
public final class Compressor {
  /** About the tensors that are counted for each layer: its input, and the outputs of its parts. */
  private static final int TENSORS_OF_A_LAYER = 3;

  private final JavaSparkContext spark;
  private final NetworkStudy study;
  private final JobConfig config;
  private final Phases phases;
  private final DraftCosts drafts;

  public Compressor(JavaSparkContext spark, NetworkStudy study, JobConfig config, Phases phases) {
    this.spark = spark;
    this.study = study;
    this.config = config;
    this.phases = phases;
    drafts =
        new DraftCosts(
            study.source(),
            study.sampled().pinned(),
            WrittenNetwork.metadata(study.source(), config),
            config.precision());
  }

  /**
   * A planner for some targets.
   *
   * @param targets at least one
   */
  Planner planner(Mode mode, List<Target> targets) {
    return new Planner(study.material(mode, config), targets, drafts);
  }

  /**
   * Compresses.
   *
   * @param targets at least one
   * @throws io.pare.InputException when a target cannot be reached
   */
  public Compressed compress(Mode mode, List<Target> targets) {
    CompressionPlan plan = phases.time("plan", () -> planner(mode, targets).plan());
    Map<String, LayerFit> fits =
        phases.time(
            "refit",
            () -> mode.fitting() == Fitting.WEIGHTS ? ofWeights(plan) : refitted(mode, plan));
    OnnxNetwork fitted =
        drafts.written(RefitNetworkStage.replacements(study.sampled().groups(), fits));
    Optional<Recovery> recovery =
        config
            .recovery()
            .extent()
            .filter(extent -> !plan.keepsAll())
            .map(extent -> phases.time("recover", () -> recovered(fitted, extent)));
    Optional<byte[]> learned = recovery.flatMap(Recovery::model);
    List<Compressed.Earlier> earlier = new ArrayList<>();
    learned.ifPresent(
        model -> earlier.add(new Compressed.Earlier("before recovery", fitted.toBytes())));
    byte[] floats = learned.orElseGet(fitted::toBytes);
    Precise precise = new Precise(floats, Optional.empty());
    if (config.precision() != Precision.FP32) {
      earlier.add(new Compressed.Earlier("in floats", floats));
      precise = phases.time("quantize", () -> inPrecision(floats, targets));
    }
    return new Compressed(
        mode, targets, plan, fits, precise.model(), recovery, precise.quantization(), earlier, "");
  }

  /** A network in the precision that is asked for. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Precise(byte[] model, Optional<Quantization> quantization) {}

  private Precise inPrecision(byte[] floats, List<Target> targets) {
    OnnxNetwork network =
        config.precision().prepared(ModelReader.read("network", floats, ExternalData.none()));
    if (config.precision() == Precision.FP16) {
      return new Precise(HalfWeights.of(network).toBytes(), Optional.empty());
    }
    SampledLayers sampled = study.sampled();
    try (EvaluateModelStage.Reference judge =
        sampled.jobImages().reference(sampled.heldOutImages(), study.source().original())) {
      Quantizer.Result result =
          new Quantizer(
                  new GatherHistogramsStage(spark, sampled.jobImages().execution()),
                  judge,
                  new Quantizer.Limits(config.precision() == Precision.INT4, mostBytes(targets)))
              .quantized(
                  network, study.images(), TENSORS_OF_A_LAYER * sampled.groups().valuesPerImage());
      return new Precise(result.network().toBytes(), Optional.of(result.how()));
    }
  }

  /** The bytes that the file may have. */
  private OptionalLong mostBytes(List<Target> targets) {
    return targets.stream()
        .filter(target -> target.metric() == Target.Metric.BYTES)
        .mapToLong(target -> (long) (study.source().fileBytes() / target.factor()))
        .min();
  }

  private Recovery recovered(OnnxNetwork fitted, Extent extent) {
    OnnxNetwork original = study.source().folded();
    Extent bounded = CostEstimate.bounded(extent, study.source(), config, study.images().count());
    return new RecoverNetworkStage(spark, study.sampled().sampling().execution())
        .run(
            new RecoverNetworkStage.Request(
                original,
                fitted,
                TrainableWeights.of(fitted, original, study.sampled().pinned()),
                study.sampled().sampling().heldOutImages(),
                bounded,
                config.recovery().temperature(),
                config.recovery().features(),
                config.recovery().steps()),
            study.images(),
            study.checkpoints());
  }

  private Map<String, LayerFit> refitted(Mode mode, CompressionPlan plan) {
    return new RefitNetworkStage(spark, study.sampled().sampling())
        .run(
            study.source().folded(),
            study.images(),
            study.sampled().groups(),
            study.sampled().statistics().outputs(),
            new RefitNetworkStage.Request(plan.structures(), mode.fitting(), study.checkpoints()));
  }

  /** Fits that know of no data: each layer on its own. */
  private Map<String, LayerFit> ofWeights(CompressionPlan plan) {
    Map<String, LayerFit> byName = new LinkedHashMap<>();
    NavigableMap<LayerGroup, List<Structure.Sum>> wanted = new TreeMap<>();
    List<LayerPlan> missing = new ArrayList<>();
    for (LayerPlan layer : plan.layers()) {
      if (!layer.choice().isKeep()) {
        Optional<LayerFit> kept = study.checkpoints().find(ofWeights(layer), LayerFit.class);
        kept.ifPresent(found -> byName.put(layer.layer().name(), found));
        if (kept.isEmpty()) {
          missing.add(layer);
          List<Structure> structures = layer.choice().structures();
          LayerGroups.of(layer.layer())
              .forEach(
                  group ->
                      wanted.put(group, List.of((Structure.Sum) structures.get(group.group()))));
        }
      }
    }
    if (missing.isEmpty()) {
      return byName;
    }
    Map<LayerGroup, List<Approximation>> fits =
        study.sampled().statistics().fits(wanted, Fitting.WEIGHTS);
    for (LayerPlan layer : missing) {
      List<Approximation> groups =
          LayerGroups.of(layer.layer()).stream().map(group -> fits.get(group).get(0)).toList();
      LayerFit fit = new LayerFit(groups, layer.choice().error());
      byName.put(layer.layer().name(), fit);
      study.checkpoints().keep(ofWeights(layer), fit);
    }
    return byName;
  }

  private static Checkpoints.Part ofWeights(LayerPlan layer) {
    return new Checkpoints.Part(
        "fit", layer.layer().name(), Fitting.WEIGHTS + " " + RecordHash.of(layer.choice()));
  }
}
