package io.pare.run.pipeline;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.config.JobConfig;
import io.pare.io.checkpoint.CheckpointStore;
import io.pare.model.Layer;
import io.pare.model.rewrite.ChannelFlow;
import io.pare.plan.LayerChoice;
import io.pare.run.input.JobImages;
import io.pare.run.input.ResumeInputs;
import io.pare.run.input.SourceNetwork;
import io.pare.run.progress.Phases;
import io.pare.run.progress.Warnings;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.layers.LayerGroups;
import io.pare.stage.layers.LayerSamples;
import io.pare.stage.layers.SampleLayersStage;
import io.pare.stage.layers.SamplingSettings;
import io.pare.stage.layers.SolveLayersStage;
import io.pare.stage.layers.SolveLayersStage.Statistics;
import io.pare.stage.matrix.MatrixBlas;
import io.pare.stage.network.CheckValuesStage;
import io.pare.stage.network.ValueWatch;
import io.pare.stage.spark.Checkpoints;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The layers of a network that may change, sampled on calibration images: where a study starts.
 * Holds executors' memory and disks until it is closed.
 */
public final class SampledLayers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SampledLayers.class);

  private final SourceNetwork source;
  private final JobImages jobImages;
  private final PreparedImages prepared;
  private final PreparedImages images;
  private final LayerGroups groups;
  private final LayerChoice choice;
  private final SamplingSettings sampling;
  private final LayerSamples samples;
  private final Statistics statistics;

  /**
   * Prepares the images and draws the samples; statistics are gathered when they are first asked
   * for.
   *
   * @throws io.pare.InputException when images are missing or too many are bad, or nothing can be
   *     compressed
   */
  public SampledLayers(
      JavaSparkContext spark,
      SourceNetwork source,
      JobImages jobImages,
      JobConfig config,
      Phases phases) {
    this.jobImages = jobImages;
    sampling =
        new SamplingSettings(
            jobImages.execution(), config.solver().seed(), config.calibration().heldOut());
    int threads = jobImages.execution().threads();
    DenseAlgebra.useThreads(threads);
    LOG.info("linear algebra runs in {}", DenseAlgebra.implementation());
    prepared = phases.time("prepare images", () -> jobImages.calibration(config.calibration()));
    try {
      Drawn drawn = drawn(spark, source, config, phases);
      this.source = drawn.finite().source();
      images = drawn.finite().images();
      choice = drawn.choice();
      groups = drawn.groups();
      List<String> placements = groups.placements();
      if (!placements.isEmpty()) {
        placements.forEach(LOG::info);
        LOG.info(
            "MLlib's products run in {} on the driver, {} on executors",
            MatrixBlas.bind(),
            String.join(" and ", MatrixBlas.bindExecutors(spark)));
      }
      samples = drawn.samples();
      statistics =
          new SolveLayersStage(spark, threads, config.solver().admmShare()).gather(samples, groups);
    } catch (Throwable e) { // also Spark's SparkException, which is checked but not declared
      jobImages.release(prepared);
      throw e;
    }
  }

  /** Warns of images that were left out, and of layers that have few samples or lost some. */
  public void warn(Warnings warnings, JobConfig config) {
    JobImages.warn(images, config.calibration().images(), warnings);
    SampleWarnings.of(groups, images.count(), sampling.heldOut()).tell(warnings);
  }

  /**
   * Draws the samples at once, and keeps them where it follows from what is seen meanwhile that all
   * values can be used. Else, and where no layer will change and no sample be asked for, the values
   * are checked on their own.
   */
  private Drawn drawn(
      JavaSparkContext spark, SourceNetwork network, JobConfig config, Phases phases) {
    if (!TargetCheck.holdAsItIs(network, config, config.planning().goal().targets())) {
      ValueWatch watch = new ValueWatch(spark, FiniteValues.watched(network));
      Drawn drawn = Drawn.of(spark, new FiniteValues(network, prepared), watch, sampling, config);
      phases.run("draw samples", drawn.samples()::draw);
      if (FiniteValues.follow(network, watch.largest())) {
        return drawn;
      }
      drawn.samples().release();
    }
    FiniteValues finite = phases.time("check values", () -> finite(spark, network, config));
    return Drawn.of(spark, finite, new ValueWatch(spark, List.of()), sampling, config);
  }

  private FiniteValues finite(JavaSparkContext spark, SourceNetwork network, JobConfig config) {
    return FiniteValues.of(
        new CheckValuesStage(spark, jobImages.execution()),
        network,
        prepared,
        config.calibration().images(),
        config.reading().maxBadImages());
  }

  /** The layers that may change, and their samples. */
  private record Drawn(
      FiniteValues finite, LayerChoice choice, LayerGroups groups, LayerSamples samples) {

    private static Drawn of(
        JavaSparkContext spark,
        FiniteValues finite,
        ValueWatch watch,
        SamplingSettings sampling,
        JobConfig config) {
      SourceNetwork source = finite.source();
      LayerChoice choice = LayerChoice.of(source.layers(), config.planning().rules());
      JobConfig.Calibration calibration = config.calibration();
      LayerGroups.Amount amount =
          new LayerGroups.Amount(
              calibration.samplesPerColumn(),
              calibration.positionsPerImage(),
              finite.images().count(),
              calibration.heldOut(),
              config.solver().wide());
      LayerGroups groups =
          LayerGroups.of(source.folded(), choice.free(), amount, config.solver().ridge())
              .following(
                  ChannelFlow.of(
                      source.folded(), source.layers(), source.shapes(), choice.pinned()));
      return new Drawn(
          finite,
          choice,
          groups,
          new SampleLayersStage(spark, sampling)
              .run(source.folded(), finite.images(), groups, watch));
    }
  }

  /**
   * What earlier runs have finished of the same study, and where this one keeps what it finishes.
   *
   * @param store of the output
   */
  public Checkpoints checkpoints(CheckpointStore store, JobConfig config) {
    if (!config.output().resume()) {
      store.clear();
    }
    Checkpoints checkpoints =
        new Checkpoints(Optional.of(store), ResumeInputs.of(source, images, groups, config).hash());
    checkpoints.expect(groups.layers().stream().map(Layer::name).toList());
    return checkpoints;
  }

  /** The network. */
  public SourceNetwork source() {
    return source;
  }

  /** The images as the network takes them. */
  JobImages jobImages() {
    return jobImages;
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
  SamplingSettings sampling() {
    return sampling;
  }

  /** What is known of the layers. */
  Statistics statistics() {
    return statistics;
  }

  @Override
  public void close() {
    statistics.close();
    samples.release();
    jobImages.release(prepared);
  }
}
