package io.pare.run.pipeline;

import io.pare.algorithm.candidate.TrialErrors;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.Structure;
import io.pare.io.checkpoint.RecordHash;
import io.pare.model.Layer;
import io.pare.model.rewrite.Replacement;
import io.pare.plan.LayerCandidate;
import io.pare.plan.LayerOptions;
import io.pare.plan.SensitivityCurve;
import io.pare.run.input.SourceNetwork;
import io.pare.stage.layers.LayerGroups;
import io.pare.stage.layers.SolveLayersStage;
import io.pare.stage.network.MeasureSensitivityStage;
import io.pare.stage.spark.Checkpoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few candidates of each layer that are put in place one at a time, to see what an error of their
 * size does to the network's output.
 *
 * @param candidates by layer, in the order of the groups' layers
 */
record SensitivityTrials(List<LayerOptions> options, List<List<LayerCandidate>> candidates) {
  private static final Logger LOG = LoggerFactory.getLogger(SensitivityTrials.class);

  private static final long MOST_WEIGHTS_AT_ONCE = 32L << 20;

  /**
   * For each layer the measured candidates whose errors lie nearest to a few sizes. One that is too
   * large to be held with others is none of them: it saves little, and the curve of the layer
   * reaches beyond the errors that were tried.
   */
  static SensitivityTrials of(List<LayerOptions> options) {
    List<List<LayerCandidate>> candidates = new ArrayList<>();
    for (LayerOptions layer : options) {
      List<LayerCandidate> small =
          layer.measured().stream()
              .filter(candidate -> candidate.cost().weights() <= MOST_WEIGHTS_AT_ONCE)
              .toList();
      candidates.add(TrialErrors.nearest(small, LayerCandidate::error));
    }
    return new SensitivityTrials(options, candidates);
  }

  /** One candidate in place. */
  record Trial(Layer layer, LayerCandidate candidate) {

    /** What tells it from other trials of the stage. */
    Checkpoints.Part part() {
      return new Checkpoints.Part("sensitivity", layer.name(), RecordHash.of(candidate));
    }
  }

  /**
   * Runs the trials; what an earlier run has measured is not run again.
   *
   * @param images of the calibration images that are used
   * @param fitting that the candidates were judged with
   */
  Sensitivities run(SampledLayers sampled, Checkpoints checkpoints, int images, Fitting fitting) {
    Map<Trial, Evaluation> known = new HashMap<>();
    List<Trial> missing = new ArrayList<>();
    for (Trial trial : trials()) {
      checkpoints
          .find(trial.part(), Evaluation.class)
          .ifPresentOrElse(found -> known.put(trial, found), () -> missing.add(trial));
    }
    if (!missing.isEmpty()) {
      SourceNetwork source = sampled.source();
      try (MeasureSensitivityStage.Original original =
          sampled
              .jobImages()
              .sensitivity()
              .original(
                  source.folded(),
                  source.layers().compressible(),
                  sampled.images(),
                  sampled.sampling().heldOutImages(),
                  images)) {
        for (List<Trial> some : inParts(missing)) {
          original.run(
              new MeasureSensitivityStage.Trials(
                  replacements(some, sampled.statistics(), fitting),
                  (place, evaluation) -> {
                    known.put(some.get(place), evaluation);
                    checkpoints.keep(some.get(place).part(), evaluation);
                    tell(some.get(place).layer(), known);
                  }));
        }
      }
    }
    return sensitivities(trials().stream().map(known::get).toList());
  }

  /** One line once all trials of a layer are known. */
  private void tell(Layer layer, Map<Trial, Evaluation> known) {
    List<Trial> its = trials().stream().filter(trial -> trial.layer().equals(layer)).toList();
    if (known.keySet().containsAll(its)) {
      LOG.info("layer {} has its sensitivity measured, in {} trials", layer.name(), its.size());
    }
  }

  /** All trials, layer by layer. */
  List<Trial> trials() {
    List<Trial> trials = new ArrayList<>();
    for (int k = 0; k < candidates.size(); k++) {
      for (LayerCandidate candidate : candidates.get(k)) {
        trials.add(new Trial(options.get(k).layer(), candidate));
      }
    }
    return trials;
  }

  /**
   * Trials in their order, in parts whose candidates the driver and each executor can hold at once:
   * all of a small network in one part, few of the fully connected layers of a large one.
   */
  static List<List<Trial>> inParts(List<Trial> trials) {
    List<List<Trial>> parts = new ArrayList<>();
    long weights = MOST_WEIGHTS_AT_ONCE;
    for (Trial trial : trials) {
      weights += trial.candidate().cost().weights();
      if (weights > MOST_WEIGHTS_AT_ONCE) {
        parts.add(new ArrayList<>());
        weights = trial.candidate().cost().weights();
      }
      parts.get(parts.size() - 1).add(trial);
    }
    return parts;
  }

  /**
   * The networks to try: one replacement each.
   *
   * @param fitting that the candidates were judged with
   */
  static List<Replacement> replacements(
      List<Trial> trials, SolveLayersStage.Statistics statistics, Fitting fitting) {
    Map<LayerGroup, List<Structure.Sum>> wanted = new TreeMap<>();
    for (Trial trial : trials) {
      for (LayerGroup group : LayerGroups.of(trial.layer())) {
        wanted
            .computeIfAbsent(group, its -> new ArrayList<>())
            .add((Structure.Sum) trial.candidate().structures().get(group.group()));
      }
    }
    Map<LayerGroup, Iterator<Approximation>> next = new TreeMap<>();
    statistics.sketches(wanted, fitting).forEach((group, fits) -> next.put(group, fits.iterator()));
    List<Replacement> replacements = new ArrayList<>();
    for (Trial trial : trials) {
      List<Approximation> groups =
          LayerGroups.of(trial.layer()).stream().map(group -> next.get(group).next()).toList();
      replacements.add(new Replacement(trial.layer(), groups));
    }
    return replacements;
  }

  /**
   * What an error of each layer costs the output.
   *
   * @param curves by layer name
   */
  record Sensitivities(Map<String, SensitivityCurve> curves) {

    /** Options with the sensitivity of their layer. */
    List<LayerOptions.Priced> of(List<LayerOptions> options) {
      return options.stream()
          .map(layer -> new LayerOptions.Priced(layer, curves.get(layer.layer().name())))
          .toList();
    }
  }

  /** The sensitivities that the evaluations of the trials show. */
  Sensitivities sensitivities(List<Evaluation> evaluations) {
    Map<String, SensitivityCurve> curves = new LinkedHashMap<>();
    int next = 0;
    for (int k = 0; k < candidates.size(); k++) {
      Map<Double, Double> points = new TreeMap<>();
      for (LayerCandidate candidate : candidates.get(k)) {
        Evaluation evaluation = evaluations.get(next++);
        points.put(candidate.error(), evaluation.difference());
      }
      curves.put(
          options.get(k).layer().name(),
          points.isEmpty() ? SensitivityCurve.proportional() : new SensitivityCurve(points));
    }
    return new Sensitivities(curves);
  }
}
