package io.pare.run;

import io.pare.InputException;
import io.pare.PlainLine;
import io.pare.algorithm.candidate.Mode;
import io.pare.config.ConfigFile;
import io.pare.config.Constants;
import io.pare.config.JobConfig;
import io.pare.io.checkpoint.CheckpointStore;
import io.pare.io.publish.PublishedResult;
import io.pare.io.publish.ResultPublisher;
import io.pare.plan.Target;
import io.pare.report.ModeResult;
import io.pare.report.RunReport;
import io.pare.report.RunResult;
import io.pare.report.Warning;
import io.pare.run.input.HadoopSettings;
import io.pare.run.input.InputPaths;
import io.pare.run.input.JobImages;
import io.pare.run.input.Recipe;
import io.pare.run.input.RunId;
import io.pare.run.input.SharedImages;
import io.pare.run.input.SourceNetwork;
import io.pare.run.input.SparkApplication;
import io.pare.run.pipeline.Compressed;
import io.pare.run.pipeline.Compressor;
import io.pare.run.pipeline.CostEstimate;
import io.pare.run.pipeline.LimitSearch;
import io.pare.run.pipeline.Measurement;
import io.pare.run.pipeline.NetworkStudy;
import io.pare.run.pipeline.SampledLayers;
import io.pare.run.pipeline.TargetCheck;
import io.pare.run.pipeline.Validation;
import io.pare.run.pipeline.WrittenNetwork;
import io.pare.run.progress.Phases;
import io.pare.run.progress.Warnings;
import io.pare.stage.matrix.MatrixBlas;
import io.pare.stage.spark.Checkpoints;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One compression, from a network and images to a published result. */
public final class CompressionJob {
  private static final Logger LOG = LoggerFactory.getLogger(CompressionJob.class);

  private final JobConfig config;
  private final PrintStream out;
  private final Phases phases;
  private final SharedImages shared;
  private final Warnings warnings = new Warnings();

  public CompressionJob(JobConfig config, PrintStream out) {
    this(config, out, new Phases(), new SharedImages());
  }

  /**
   * One of several compressions in an application.
   *
   * @param phases that it is told as
   * @param shared with the others
   */
  public CompressionJob(JobConfig config, PrintStream out, Phases phases, SharedImages shared) {
    this.config = config;
    this.out = out;
    this.phases = phases;
    this.shared = shared;
  }

  /** Runs the pipeline in a Spark application of its own. */
  public RunResult.Status run() {
    SourceNetwork source = read();
    try (JavaSparkContext spark = SparkApplication.start("pare compress " + source.name())) {
      return run(spark, source);
    }
  }

  /** Runs the pipeline in a Spark application that is there. */
  public RunResult.Status run(JavaSparkContext spark) {
    return run(spark, read(spark.hadoopConfiguration()));
  }

  /** Reads and validates the network where no application is there yet. */
  public SourceNetwork read() {
    return read(HadoopSettings.ofProcess());
  }

  /**
   * Reads and validates the network.
   *
   * @param hadoop settings that the file systems are known from
   */
  public SourceNetwork read(Configuration hadoop) {
    LOG.info("{}", ConfigFile.defaults().changed(config.effective()));
    config.effective().forEach((key, value) -> LOG.debug("{} = {}", key, value));
    InputPaths.requireKnown(config, hadoop);
    SourceNetwork source = SourceNetwork.read(config.network(), hadoop, phases);
    // Refused before any work, where it cannot be written so.
    config.precision().prepared(source.original());
    return source;
  }

  /** Tells what the job would take, and does nothing of it. */
  public void estimate() {
    SourceNetwork source = read();
    try (JavaSparkContext spark = SparkApplication.start("pare estimate " + source.name())) {
      out.println(PlainLine.of(estimate(spark, source).line()));
    }
  }

  /** What the job would take, in a Spark application that is there. */
  CostEstimate estimate(JavaSparkContext spark, SourceNetwork source) {
    return estimate(spark, source, JobImages.alone(spark, source, config.reading()));
  }

  private CostEstimate estimate(JavaSparkContext spark, SourceNetwork source, JobImages images) {
    return CostEstimate.of(
        source,
        config,
        new CostEstimate.Images(
            images.calibrationCount(config.calibration()),
            images.validationCount(config.validation())),
        spark.defaultParallelism());
  }

  /** Runs the rest of the pipeline, for a network that has been read. */
  public RunResult.Status run(JavaSparkContext spark, SourceNetwork source) {
    RunId id = RunId.of(spark);
    try (ResultPublisher publisher =
        config.output().publisher(spark.hadoopConfiguration(), id.text())) {
      publisher.requireApart(InputPaths.of(config));
      if (!publisher.prepare()) {
        out.println(
            PlainLine.of(config.output().path()) + " is there already and is left as it is");
        return RunResult.Status.UP_TO_DATE;
      }
      return KeptWork.toldBy(publisher, () -> published(spark, source, publisher, id));
    }
  }

  private RunResult.Status published(
      JavaSparkContext spark, SourceNetwork source, ResultPublisher publisher, RunId id) {
    phases.run("load libraries", MatrixBlas::bind);
    // Before anything is read: a data set that changes meanwhile counts as changed.
    String recipe =
        phases.time(
            "list images", () -> Recipe.of(source, config, spark.hadoopConfiguration()).hash());
    CheckpointStore store =
        new CheckpointStore(spark.hadoopConfiguration(), publisher.checkpoints(), id.text());
    Result result = compress(spark, source, store);
    PublishedResult published =
        phases.time(
            "publish",
            () ->
                publisher.publish(
                    result
                        .written()
                        .files(
                            result.report(),
                            new WrittenNetwork.Origin(id, source.sha256(), recipe))));
    out.println(result.report().table());
    warnings.summarise();
    out.println("published " + PlainLine.of(published.path()) + Warning.summary(warnings.all()));
    return RunResult.Status.DONE;
  }

  private record Result(WrittenNetwork written, RunReport report) {}

  private Result compress(JavaSparkContext spark, SourceNetwork source, CheckpointStore store) {
    List<Target> targets = config.planning().goal().targets();
    TargetCheck.require(source, config, config.solver().mode(), targets);
    source.warn(warnings);
    JobImages images = new JobImages(spark, source, config.reading(), shared);
    LOG.info("{}", phases.time("estimate", () -> estimate(spark, source, images)).line());
    Optional<Validation> validation =
        phases.time(
            "measure original", () -> Validation.of(images, source, config.validation(), warnings));
    try (SampledLayers sampled = new SampledLayers(spark, source, images, config, phases);
        Measurement measurement =
            new Measurement(images, source, sampled.heldOutImages(), validation)) {
      sampled.warn(warnings, config);
      Checkpoints checkpoints = phases.time("resume", () -> sampled.checkpoints(store, config));
      NetworkStudy study = NetworkStudy.of(sampled, checkpoints, config, targets, phases);
      Compressor compressor = new Compressor(spark, study, config, phases);
      LimitSearch search = new LimitSearch(compressor, measurement, config.planning());
      Compressed published = search.search(config.solver().mode());
      List<Compressed> made = withCompared(compressor, published);
      List<WrittenNetwork> written =
          phases.time("evaluate", () -> measurement.written(made, checkpoints));
      measurement.warn(published, warnings);
      WrittenNetwork first =
          phases.time("time networks", () -> written.get(0).timed(source, warnings));
      List<ModeResult> comparison = comparison(written);
      return new Result(
          first, first.report(study, config, comparison, search.rounds(), phases, warnings));
    } finally {
      validation.ifPresent(Validation::close);
    }
  }

  private static List<ModeResult> comparison(List<WrittenNetwork> written) {
    return IntStream.range(0, written.size())
        .mapToObj(k -> written.get(k).comparison(k == 0))
        .toList();
  }

  /** The network to publish, then those of the modes that it is compared with. */
  private List<Compressed> withCompared(Compressor compressor, Compressed published) {
    List<Compressed> made = new ArrayList<>();
    made.add(published);
    made.addAll(published.onTheWay());
    for (Mode other : config.solver().compare()) {
      if (other != config.solver().mode()) {
        compared(compressor, other, published.targets()).ifPresent(made::add);
      }
    }
    return made;
  }

  /** Empty, with a word about it, where a mode that is only compared with cannot get so far. */
  private Optional<Compressed> compared(Compressor compressor, Mode mode, List<Target> targets) {
    try {
      return Optional.of(compressor.compress(mode, targets));
    } catch (InputException e) {
      if (e.kind() != InputException.Kind.USAGE) {
        throw e;
      }
      out.println(
          Constants.name(mode) + " is not among the compared: " + PlainLine.of(e.getMessage()));
      return Optional.empty();
    }
  }
}
