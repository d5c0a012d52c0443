package io.pare.run.pipeline;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.Mode;
import io.pare.config.Constants;
import io.pare.config.JobConfig;
import io.pare.model.inference.LayerTimer;
import io.pare.model.inference.Repeats;
import io.pare.model.quantization.Precision;
import io.pare.model.rewrite.ChannelFlow;
import io.pare.plan.LayerOptions;
import io.pare.plan.LayerTimes;
import io.pare.plan.Planner;
import io.pare.plan.Target;
import io.pare.plan.UnreadFilters;
import io.pare.run.input.SourceNetwork;
import io.pare.run.progress.Phases;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.spark.Checkpoints;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is found out about a network once, whatever it is then compressed to: what its layers can
 * become, what their errors do to the output, and how long they take.
 *
 * @param sampled layers; must outlive the study
 * @param checkpoints what earlier runs have finished
 * @param options of the layers that may change, in graph order, by mode
 * @param times of the layers, where a target or rule asks for them
 */
public record NetworkStudy(
    SampledLayers sampled,
    Checkpoints checkpoints,
    Map<Mode, List<LayerOptions.Priced>> options,
    LayerTimes times) {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkStudy.class);

  /**
   * Solves the sampled layers and prices what they can become: nothing where no target needs it.
   *
   * @param targets that will be planned for; may be empty
   */
  public static NetworkStudy of(
      SampledLayers sampled,
      Checkpoints checkpoints,
      JobConfig config,
      List<Target> targets,
      Phases phases) {
    boolean timed = config.planning().needsTimes(targets);
    boolean asItIs = TargetCheck.holdAsItIs(sampled.source(), config, targets);
    if (asItIs) {
      LOG.info(
          "{} is small enough in {}: no layer has to change",
          sampled.source().name(),
          Constants.name(config.precision()));
    }
    SolvedLayers found =
        asItIs
            ? SolvedLayers.none(sampled, config.solver())
            : SolvedLayers.of(sampled, checkpoints, config.solver(), phases);
    SolvedLayers solved = timed ? found.inMultiplesOf(LayerTimes.BLOCK) : found;
    SensitivityTrials.Sensitivities sensitivities =
        phases.time(
            "sensitivity",
            () ->
                SensitivityTrials.of(solved.options().get(solved.tried()))
                    .run(
                        sampled,
                        checkpoints,
                        config.planning().sensitivityImages(),
                        solved.tried()));
    LayerTimes times =
        timed
            ? phases.time("time layers", () -> times(solved, config.precision()))
            : LayerTimes.none();
    Map<Mode, List<LayerOptions.Priced>> options = new EnumMap<>(Mode.class);
    for (Mode mode : config.solver().modes()) {
      Set<Family> families = config.solver().familiesOf(mode);
      options.put(
          mode,
          sensitivities.of(solved.of(mode)).stream()
              .map(layer -> layer.only(families))
              .map(layer -> timed ? layer.faster(times) : layer)
              .toList());
    }
    return new NetworkStudy(sampled, checkpoints, options, times);
  }

  private static LayerTimes times(SolvedLayers solved, Precision precision) {
    LayerTimer timer = new LayerTimer(1, 1, precision, Repeats.USUAL);
    List<LayerOptions> all = new ArrayList<>();
    solved.options().values().forEach(all::addAll);
    return LayerTimes.measured(all, timer::medianMilliseconds);
  }

  /** What a planner has to work with in one of the modes. */
  Planner.Material material(Mode mode, JobConfig config) {
    SourceNetwork source = source();
    return new Planner.Material(
        options.get(mode),
        sampled.pinned(),
        new UnreadFilters(
            ChannelFlow.of(source.folded(), source.layers(), source.shapes(), sampled.pinned()),
            source.layers().compressible()),
        config.planning().rules(),
        times,
        config.precision().bytesPerWeight(source.bytesPerWeight()));
  }

  /** The network. */
  public SourceNetwork source() {
    return sampled.source();
  }

  /** The calibration images. */
  public PreparedImages images() {
    return sampled.images();
  }
}
