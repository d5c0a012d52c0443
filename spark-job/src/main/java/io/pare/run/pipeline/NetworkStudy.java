package io.pare.run.pipeline;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.candidate.Mode;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.config.JobConfig;
import io.pare.io.checkpoint.CheckpointStore;
import io.pare.model.Layer;
import io.pare.model.inference.LayerTimer;
import io.pare.model.inference.Repeats;
import io.pare.model.rewrite.ChannelFlow;
import io.pare.plan.LayerChoice;
import io.pare.plan.LayerOptions;
import io.pare.plan.LayerTimes;
import io.pare.plan.Planner;
import io.pare.plan.Target;
import io.pare.plan.UnreadFilters;
import io.pare.run.input.JobImages;
import io.pare.run.input.ResumeInputs;
import io.pare.run.input.SourceNetwork;
import io.pare.run.progress.Phases;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.layers.LayerGroups;
import io.pare.stage.layers.LayerSamples;
import io.pare.stage.layers.SampleLayersStage;
import io.pare.stage.layers.SolveLayersStage;
import io.pare.stage.layers.SolveLayersStage.Statistics;
import io.pare.stage.layers.SolvedPaths;
import io.pare.stage.network.MeasureSensitivityStage;
import io.pare.stage.spark.Checkpoints;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is found out about a network once, whatever it is then compressed to: samples and moments of
 * its layers, what these can become, and what their errors do to the output. Holds executors'
 * memory and disks until it is closed.
 */
public final class NetworkStudy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkStudy.class);

  private final SourceNetwork source;
  private final JobImages jobImages;
  private final PreparedImages images;
  private final LayerGroups groups;
  private final LayerChoice choice;
  private final SampleLayersStage.Settings sampling;
  private final LayerSamples samples;
  private final Statistics statistics;
  private final Map<Mode, List<LayerOptions.Priced>> priced = new EnumMap<>(Mode.class);
  private LayerTimes times = LayerTimes.none();
  private Checkpoints checkpoints = Checkpoints.none();

  /**
   * Gathers the statistics of all layers that may change.
   *
   * @throws io.pare.InputException when images are missing or too many are bad, or nothing can be
   *     compressed
   */
  public NetworkStudy(
      JavaSparkContext spark,
      SourceNetwork source,
      JobImages jobImages,
      JobConfig config,
      Phases phases) {
    this.source = source;
    this.jobImages = jobImages;
    sampling =
        new SampleLayersStage.Settings(
            jobImages.execution(), config.solver().seed(), config.calibration().heldOut());
    int threads = jobImages.execution().threads();
    DenseAlgebra.useThreads(threads);
    LOG.info("linear algebra runs in {}", DenseAlgebra.implementation());
    choice = LayerChoice.of(source.layers(), config.planning().rules());
    images = phases.time("prepare images", () -> jobImages.calibration(config.calibration()));
    try {
      groups = groups(config);
      samples = new SampleLayersStage(spark, sampling).run(source.folded(), images, groups);
      statistics =
          new SolveLayersStage(spark, threads, config.solver().admmShare()).gather(samples, groups);
    } catch (Throwable e) { // also Spark's SparkException, which is checked but not declared
      jobImages.release(images);
      throw e;
    }
  }

  /**
   * Makes use of what earlier runs have finished, and keeps what this one finishes.
   *
   * @param store of the output
   */
  public void resume(CheckpointStore store, JobConfig config) {
    if (!config.output().resume()) {
      store.clear();
    }
    checkpoints =
        new Checkpoints(Optional.of(store), ResumeInputs.of(source, images, groups, config).hash());
  }

  private LayerGroups groups(JobConfig config) {
    JobConfig.Calibration calibration = config.calibration();
    return LayerGroups.of(
        source.folded(),
        choice.free(),
        new LayerGroups.Amount(
            calibration.samplesPerColumn(),
            calibration.positionsPerImage(),
            images.count(),
            calibration.heldOut(),
            config.solver().wide()),
        config.solver().ridge());
  }

  /**
   * Solves for the candidates of the configured modes and measures what they do to the output.
   *
   * @param targets that will be planned for; may be empty
   */
  public void solve(JobConfig config, List<Target> targets, Phases phases) {
    Map<Fitting, Set<Family>> wanted = new TreeMap<>();
    for (Mode mode : config.solver().modes()) {
      wanted
          .computeIfAbsent(basis(mode), basis -> EnumSet.noneOf(Family.class))
          .addAll(config.solver().familiesOf(mode));
    }
    Map<Fitting, SolvedPaths> paths = new TreeMap<>();
    wanted.forEach(
        (basis, families) -> paths.put(basis, statistics.paths(families, basis, checkpoints)));
    if (!paths.values().stream().allMatch(SolvedPaths::isComplete)) {
      phases.run("gather", statistics::gather);
    }
    Map<Fitting, List<LayerOptions>> options = new TreeMap<>();
    paths.forEach(
        (basis, solved) ->
            options.put(
                basis,
                phases.time(
                    "solve", () -> LayerOptions.of(groups, statistics.candidates(solved)))));
    Fitting tried = wanted.containsKey(Fitting.LINEAR) ? Fitting.LINEAR : Fitting.WEIGHTS;
    SensitivityTrials trials = SensitivityTrials.of(options.get(tried));
    SensitivityTrials.Sensitivities sensitivities =
        phases.time(
            "sensitivity",
            () ->
                trials.sensitivities(
                    evaluations(
                        trials,
                        jobImages.sensitivity(),
                        config.planning().sensitivityImages(),
                        tried)));
    if (config.planning().needsTimes(targets)) {
      LayerTimer timer = new LayerTimer(1, 1, Repeats.USUAL);
      List<LayerOptions> all = new ArrayList<>();
      options.values().forEach(all::addAll);
      times = phases.time("time layers", () -> LayerTimes.measured(all, timer));
    }
    for (Mode mode : config.solver().modes()) {
      Set<Family> families = config.solver().familiesOf(mode);
      priced.put(
          mode,
          sensitivities.of(options.get(basis(mode))).stream()
              .map(layer -> layer.only(families))
              .map(layer -> config.planning().refuseSlower() ? layer.faster(times) : layer)
              .toList());
    }
  }

  /** The evaluation of each trial, in order; what an earlier run has measured is not run again. */
  private List<Evaluation> evaluations(
      SensitivityTrials trials, MeasureSensitivityStage stage, int count, Fitting tried) {
    Map<SensitivityTrials.Trial, Evaluation> known = new HashMap<>();
    List<SensitivityTrials.Trial> missing = new ArrayList<>();
    for (SensitivityTrials.Trial trial : trials.trials()) {
      checkpoints
          .find(trial.part(), Evaluation.class)
          .ifPresentOrElse(found -> known.put(trial, found), () -> missing.add(trial));
    }
    if (!missing.isEmpty()) {
      try (MeasureSensitivityStage.Original original =
          stage.original(source.folded(), source.layers().compressible(), images, count)) {
        for (List<SensitivityTrials.Trial> some : SensitivityTrials.inParts(missing)) {
          original.run(
              new MeasureSensitivityStage.Trials(
                  SensitivityTrials.replacements(some, groups, statistics, tried),
                  (place, evaluation) -> {
                    known.put(some.get(place), evaluation);
                    checkpoints.keep(some.get(place).part(), evaluation);
                  }));
        }
      }
    }
    return trials.trials().stream().map(known::get).toList();
  }

  /** What the candidates of a mode are fitted to before a plan is made. */
  private static Fitting basis(Mode mode) {
    return mode.fitting() == Fitting.WEIGHTS ? Fitting.WEIGHTS : Fitting.LINEAR;
  }

  /** What a planner has to work with in one of the modes. */
  Planner.Material material(Mode mode, JobConfig config) {
    return new Planner.Material(
        priced.get(mode),
        pinned(),
        new UnreadFilters(
            ChannelFlow.of(source.folded(), source.layers(), source.shapes(), pinned()),
            source.layers().compressible()),
        config.planning().rules(),
        times,
        source.bytesPerWeight());
  }

  /** What each layer can become in one of the modes, in graph order. */
  public List<LayerOptions.Priced> options(Mode mode) {
    return priced.get(mode);
  }

  /** The network. */
  SourceNetwork source() {
    return source;
  }

  /** The calibration images. */
  public PreparedImages images() {
    return images;
  }

  /** The calibration images that no fit has seen. */
  public PreparedImages heldOutImages() {
    return images.heldOut(sampling.heldOutImages());
  }

  /** The layers that the configuration keeps as they are. */
  List<Layer> pinned() {
    return choice.pinned();
  }

  /** The layers that may change. */
  LayerGroups groups() {
    return groups;
  }

  /** How layers are sampled. */
  SampleLayersStage.Settings sampling() {
    return sampling;
  }

  /** What earlier runs have finished. */
  public Checkpoints checkpoints() {
    return checkpoints;
  }

  /** What is known of the layers. */
  Statistics statistics() {
    return statistics;
  }

  @Override
  public void close() {
    statistics.close();
    samples.release();
    jobImages.release(images);
  }
}
