package io.pare.job;

import io.pare.algorithm.DenseAlgebra;
import io.pare.algorithm.Evaluation;
import io.pare.io.publish.PublishedResult;
import io.pare.io.publish.ResultPublisher;
import io.pare.model.Layer;
import io.pare.model.rewrite.ModelRewriter;
import io.pare.report.RunReport;
import io.pare.report.RunResult;
import io.pare.stage.LayerGroups;
import io.pare.stage.LayerSamples;
import io.pare.stage.PreparedImages;
import io.pare.stage.RefitNetworkStage;
import io.pare.stage.RefitNetworkStage.LayerFit;
import io.pare.stage.SampleLayersStage;
import io.pare.stage.SolveLayersStage;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One compression, from a network and images to a published result. */
final class CompressionJob {
  private static final Logger LOG = LoggerFactory.getLogger(CompressionJob.class);

  private static final int SENSITIVITY_IMAGES = 128;

  private final JobConfig config;
  private final PrintStream out;
  private final Phases phases = new Phases();

  CompressionJob(JobConfig config, PrintStream out) {
    this.config = config;
    this.out = out;
  }

  /** Runs the pipeline in a Spark application of its own. */
  RunResult.Status run() {
    SourceNetwork source = read();
    try (JavaSparkContext spark = SparkApplication.start("pare compress " + source.name())) {
      return run(spark, source);
    }
  }

  /** Runs the pipeline in a Spark application that is there. */
  RunResult.Status run(JavaSparkContext spark) {
    return run(spark, read());
  }

  private SourceNetwork read() {
    config.effective().forEach((key, value) -> LOG.info("{} = {}", key, value));
    return phases.time("read", () -> SourceNetwork.read(config.network()));
  }

  private RunResult.Status run(JavaSparkContext spark, SourceNetwork source) {
    RunId id = RunId.of(spark);
    try (ResultPublisher publisher =
        new ResultPublisher(
            spark.hadoopConfiguration(),
            config.output().path(),
            config.output().ifExists(),
            id.text())) {
      if (!publisher.prepare()) {
        out.println(config.output().path() + " is there already and is left as it is");
        return RunResult.Status.UP_TO_DATE;
      }
      WrittenNetwork written = compress(spark, source);
      RunReport report = written.report(config, phases);
      PublishedResult published =
          phases.time("publish", () -> publisher.publish(written.files(report, config, id)));
      out.println(report.table());
      out.println("published " + published.path());
      return RunResult.Status.DONE;
    }
  }

  private WrittenNetwork compress(JavaSparkContext spark, SourceNetwork source) {
    JobImages jobImages = new JobImages(spark, source, config.reading());
    SampleLayersStage.Settings sampling =
        new SampleLayersStage.Settings(
            jobImages.execution(), config.solver().seed(), config.calibration().heldOut());
    int threads = jobImages.execution().threads();
    DenseAlgebra.useThreads(threads);

    PreparedImages images =
        phases.time("prepare images", () -> jobImages.calibration(config.calibration()));
    LayerChoice choice = LayerChoice.of(source.layers(), config.solver().keep());
    LayerGroups groups = groups(source, images, choice.free());
    LayerSamples samples =
        new SampleLayersStage(spark, sampling).run(source.folded(), images, groups);
    try {
      List<LayerOptions.Priced> priced =
          solve(new SolveLayersStage(spark, threads), samples, groups, jobImages, source, images);
      CompressionPlan plan =
          CompressionPlan.of(source.layers(), priced, choice.pinned(), config.solver().target());
      Map<String, LayerFit> fits =
          phases.time(
              "refit",
              () ->
                  new RefitNetworkStage(spark, sampling)
                      .run(source.folded(), images, groups, samples, plan.structures()));
      return phases.time(
          "evaluate",
          () -> written(new WrittenNetwork.Result(source, plan, fits, images), groups, jobImages));
    } finally {
      samples.release();
      images.release();
    }
  }

  private LayerGroups groups(SourceNetwork source, PreparedImages images, List<Layer> layers) {
    JobConfig.Calibration calibration = config.calibration();
    return LayerGroups.of(
        source.folded(),
        layers,
        new LayerGroups.Amount(
            calibration.samplesPerColumn(),
            calibration.positionsPerImage(),
            images.count(),
            calibration.heldOut()),
        config.solver().ridge());
  }

  private List<LayerOptions.Priced> solve(
      SolveLayersStage stage,
      LayerSamples samples,
      LayerGroups groups,
      JobImages jobImages,
      SourceNetwork source,
      PreparedImages images) {
    try (SolveLayersStage.Statistics statistics =
        phases.time("gather", () -> stage.gather(samples, groups))) {
      List<LayerOptions> options =
          phases.time(
              "solve",
              () -> LayerOptions.of(groups, statistics.candidates(config.solver().forms())));
      SensitivityTrials trials = SensitivityTrials.of(options);
      return phases.time(
          "sensitivity",
          () ->
              trials.priced(
                  jobImages
                      .sensitivity()
                      .run(
                          source.folded(),
                          images,
                          SENSITIVITY_IMAGES,
                          trials.replacements(groups, statistics))));
    }
  }

  private WrittenNetwork written(
      WrittenNetwork.Result result, LayerGroups groups, JobImages jobImages) {
    SourceNetwork source = result.source();
    byte[] bytes =
        ModelRewriter.rewrite(
                source.folded(),
                RefitNetworkStage.replacements(groups, result.fits()),
                WrittenNetwork.metadata(source, config))
            .toBytes();
    List<Evaluation> evaluations =
        config.validation().images().isEmpty()
            ? List.of()
            : jobImages
                .measure(config.validation(), List.of(source.original().toBytes(), bytes))
                .evaluations();
    return WrittenNetwork.measured(result, bytes, evaluations);
  }
}
