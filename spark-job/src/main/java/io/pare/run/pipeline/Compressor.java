package io.pare.run.pipeline;

import io.pare.algorithm.candidate.Mode;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Structure;
import io.pare.config.JobConfig;
import io.pare.io.checkpoint.RecordHash;
import io.pare.model.Layer;
import io.pare.plan.CompressionPlan;
import io.pare.plan.Goal;
import io.pare.plan.LayerPlan;
import io.pare.plan.Planner;
import io.pare.plan.Target;
import io.pare.run.progress.Phases;
import io.pare.stage.layers.LayerGroups;
import io.pare.stage.layers.RefitNetworkStage;
import io.pare.stage.layers.RefitNetworkStage.LayerFit;
import io.pare.stage.spark.Checkpoints;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/** Plans, fits and writes networks from one study. */
public final class Compressor {
  private final JavaSparkContext spark;
  private final NetworkStudy study;
  private final JobConfig config;
  private final Phases phases;

  public Compressor(JavaSparkContext spark, NetworkStudy study, JobConfig config, Phases phases) {
    this.spark = spark;
    this.study = study;
    this.config = config;
    this.phases = phases;
  }

  /**
   * A network as it would be published.
   *
   * @param mode that it was made by
   * @param targets that it was planned for
   * @param plan what became of each layer
   * @param fits by layer name
   * @param model the ONNX file
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Compressed(
      Mode mode,
      List<Target> targets,
      CompressionPlan plan,
      Map<String, LayerFit> fits,
      byte[] model) {

    /** The targets as they are configured. */
    public String targetText() {
      return new Goal(targets, List.of()).toString();
    }
  }

  /**
   * A planner for some targets.
   *
   * @param targets at least one
   */
  Planner planner(Mode mode, List<Target> targets) {
    return new Planner(study.material(mode, config), targets, drafts());
  }

  private DraftCosts drafts() {
    return new DraftCosts(
        study.source(), study.pinned(), WrittenNetwork.metadata(study.source(), config));
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
    byte[] model = drafts().written(RefitNetworkStage.replacements(study.groups(), fits)).toBytes();
    return new Compressed(mode, targets, plan, fits, model);
  }

  private Map<String, LayerFit> refitted(Mode mode, CompressionPlan plan) {
    return new RefitNetworkStage(spark, study.sampling())
        .run(
            study.source().folded(),
            study.images(),
            study.groups(),
            study.statistics().outputs(),
            new RefitNetworkStage.Request(plan.structures(), mode.fitting(), study.checkpoints()));
  }

  /** Fits that know of no data: each layer on its own. */
  private Map<String, LayerFit> ofWeights(CompressionPlan plan) {
    LayerGroups groups = study.groups();
    Map<Integer, List<Structure.Sum>> wanted = new TreeMap<>();
    Map<String, LayerFit> byName = new LinkedHashMap<>();
    List<LayerPlan> missing = new ArrayList<>();
    for (LayerPlan layer : plan.layers()) {
      if (!layer.choice().isKeep()) {
        study
            .checkpoints()
            .find(ofWeights(layer, plan), LayerFit.class)
            .ifPresentOrElse(
                found -> byName.put(layer.layer().name(), found), () -> missing.add(layer));
      }
    }
    for (LayerPlan layer : missing) {
      int first = groups.firstPartition(layer.layer());
      List<Structure.Sum> structures = plan.changes().get(layer.layer().name());
      for (int group = 0; group < structures.size(); group++) {
        wanted.put(first + group, List.of(structures.get(group)));
      }
    }
    if (missing.isEmpty()) {
      return byName;
    }
    Map<Integer, List<Approximation>> fits = study.statistics().fits(wanted, Fitting.WEIGHTS);
    for (LayerPlan layer : missing) {
      Layer its = layer.layer();
      int first = groups.firstPartition(its);
      List<Approximation> parts =
          IntStream.range(first, first + its.groups())
              .mapToObj(partition -> fits.get(partition).get(0))
              .toList();
      LayerFit fit = new LayerFit(parts, layer.choice().error());
      byName.put(its.name(), fit);
      study.checkpoints().keep(ofWeights(layer, plan), fit);
    }
    return byName;
  }

  private record Structures(List<Structure.Sum> groups) {}

  private static Checkpoints.Part ofWeights(LayerPlan layer, CompressionPlan plan) {
    String name = layer.layer().name();
    return new Checkpoints.Part(
        "fit",
        name,
        Fitting.WEIGHTS + " " + RecordHash.of(new Structures(plan.changes().get(name))));
  }
}
