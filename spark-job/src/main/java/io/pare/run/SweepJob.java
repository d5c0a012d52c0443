package io.pare.run;

import io.pare.InputException;
import io.pare.PlainLine;
import io.pare.algorithm.candidate.Mode;
import io.pare.config.ConfigFile;
import io.pare.config.Constants;
import io.pare.config.JobConfig;
import io.pare.config.OutputConfig;
import io.pare.io.checkpoint.CheckpointStore;
import io.pare.io.publish.PublishedResult;
import io.pare.io.publish.ResultPublisher;
import io.pare.plan.LayerOptions;
import io.pare.plan.Target;
import io.pare.report.ModeResult;
import io.pare.report.NetworkFigures;
import io.pare.report.SweepReport;
import io.pare.report.Warning;
import io.pare.report.layer.CandidatePoint;
import io.pare.report.layer.SumFinding;
import io.pare.report.page.SweepPage;
import io.pare.run.input.HadoopSettings;
import io.pare.run.input.InputPaths;
import io.pare.run.input.JobImages;
import io.pare.run.input.RunId;
import io.pare.run.input.SourceNetwork;
import io.pare.run.input.SparkApplication;
import io.pare.run.pipeline.Compressed;
import io.pare.run.pipeline.Compressor;
import io.pare.run.pipeline.LayerResults;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares methods at several budgets: one study of the network, then a plan, a refit and a
 * measurement for each pair. Publishes the table and the networks.
 */
public final class SweepJob {
  private static final Logger LOG = LoggerFactory.getLogger(SweepJob.class);

  private final JobConfig config;
  private final List<Target> targets;
  private final int atOnce;
  private final PrintStream out;
  private final Phases phases = new Phases();
  private final Warnings warnings = new Warnings();

  /**
   * A sweep.
   *
   * @param config whose mode and compared modes are swept, and whose goal is not looked at
   * @param targets budgets, at least one
   * @param atOnce pairs that are worked on at the same time, at least 1
   */
  public SweepJob(JobConfig config, List<Target> targets, int atOnce, PrintStream out) {
    this.config = config;
    this.targets = List.copyOf(targets);
    this.atOnce = atOnce;
    this.out = out;
  }

  /** Runs in a Spark application of its own. */
  public void run() {
    LOG.info("{}", ConfigFile.defaults().changed(config.effective()));
    SourceNetwork source = read(HadoopSettings.ofProcess());
    try (JavaSparkContext spark = SparkApplication.start("pare sweep " + source.name())) {
      run(spark, source);
    }
  }

  /** Runs in a Spark application that is there. */
  public void run(JavaSparkContext spark) {
    run(spark, read(spark.hadoopConfiguration()));
  }

  private SourceNetwork read(Configuration hadoop) {
    InputPaths.requireKnown(config, hadoop);
    return SourceNetwork.read(config.network(), hadoop, phases);
  }

  private void run(JavaSparkContext spark, SourceNetwork source) {
    OutputConfig output = config.output();
    RunId id = RunId.of(spark);
    try (ResultPublisher publisher = output.publisher(spark.hadoopConfiguration(), id.text())) {
      publisher.requireApart(InputPaths.of(config));
      if (!publisher.prepare()) {
        out.println(PlainLine.of(output.path()) + " is there already and is left as it is");
        return;
      }
      CheckpointStore store =
          new CheckpointStore(spark.hadoopConfiguration(), publisher.checkpoints(), id.text());
      Result result = KeptWork.toldBy(publisher, () -> sweep(spark, source, store));
      PublishedResult published = phases.time("publish", () -> publisher.publish(result.files()));
      out.print(result.report().markdown());
      warnings.summarise();
      out.println("published " + PlainLine.of(published.path()) + Warning.summary(warnings.all()));
    }
  }

  private record Result(SweepReport report, List<WrittenNetwork> networks) {

    Map<String, byte[]> files() {
      Map<String, byte[]> files = new LinkedHashMap<>();
      networks.stream()
          .filter(network -> !network.compressed().isOnTheWay())
          .forEach(network -> files.put(fileName(network), network.compressed().model()));
      files.put("sweep.json", report.json().getBytes(StandardCharsets.UTF_8));
      files.put("sweep.html", SweepPage.of(report).getBytes(StandardCharsets.UTF_8));
      files.put("sweep.md", report.markdown().getBytes(StandardCharsets.UTF_8));
      return files;
    }

    private static String fileName(WrittenNetwork network) {
      return "%s-%s.onnx"
          .formatted(
              Constants.name(network.compressed().mode()),
              network.compressed().targetText().replace('=', '-'));
    }
  }

  private record Pair(Mode mode, Target target) {}

  private Result sweep(JavaSparkContext spark, SourceNetwork source, CheckpointStore store) {
    requireOneInReach(source);
    source.warn(warnings);
    phases.run("load libraries", MatrixBlas::bind);
    JobImages images = JobImages.alone(spark, source, config.reading());
    Optional<Validation> validation =
        phases.time(
            "measure original", () -> Validation.of(images, source, config.validation(), warnings));
    try (SampledLayers sampled = new SampledLayers(spark, source, images, config, phases);
        Measurement measurement =
            new Measurement(images, source, sampled.heldOutImages(), validation)) {
      sampled.warn(warnings, config);
      Checkpoints checkpoints = phases.time("resume", () -> sampled.checkpoints(store, config));
      NetworkStudy study = NetworkStudy.of(sampled, checkpoints, config, targets, phases);
      List<String> unreachable = new ArrayList<>();
      List<WrittenNetwork> written = written(spark, study, measurement, unreachable);
      NetworkFigures before = written.get(0).before();
      List<ModeResult> results = written.stream().map(each -> each.comparison(false)).toList();
      SweepReport report =
          new SweepReport(
              source.name(),
              before,
              results,
              unreachable,
              sums(study),
              study.images().count(),
              source.effective(config.effective()),
              phases.seconds(),
              warnings.all());
      return new Result(report, written);
    } finally {
      validation.ifPresent(Validation::close);
    }
  }

  /** Budgets that nothing can reach are left out later; where there are no others, at once. */
  private void requireOneInReach(SourceNetwork source) {
    List<String> unreachable = new ArrayList<>();
    for (Target target : targets) {
      for (Mode mode : config.solver().modes()) {
        try {
          TargetCheck.require(source, config, mode, List.of(target));
          return;
        } catch (InputException e) {
          if (e.kind() != InputException.Kind.USAGE) {
            throw e;
          }
          unreachable.add(unreachable(new Pair(mode, target), e));
        }
      }
    }
    throw noneReached(unreachable);
  }

  private static InputException noneReached(List<String> unreachable) {
    return InputException.usage("none of the targets can be reached: " + unreachable.get(0));
  }

  private List<WrittenNetwork> written(
      JavaSparkContext spark,
      NetworkStudy study,
      Measurement measurement,
      List<String> unreachable) {
    Compressor compressor = new Compressor(spark, study, config, phases);
    ExecutorService workers = Executors.newFixedThreadPool(atOnce);
    try {
      Map<Pair, Future<List<WrittenNetwork>>> results = new LinkedHashMap<>();
      for (Target target : targets) {
        for (Mode mode : config.solver().modes()) {
          results.put(
              new Pair(mode, target),
              workers.submit(
                  () -> {
                    Compressed made = compressor.compress(mode, List.of(target));
                    return written(made, measurement, study.checkpoints());
                  }));
        }
      }
      List<WrittenNetwork> written = new ArrayList<>();
      results.forEach(
          (pair, result) -> {
            try {
              written.addAll(result.get());
            } catch (ExecutionException e) {
              unreachable.add(unreachable(pair, e.getCause()));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              throw new IllegalStateException("interrupted", e);
            }
          });
      if (written.isEmpty()) {
        throw noneReached(unreachable);
      }
      return written;
    } finally {
      workers.shutdownNow();
    }
  }

  private static List<WrittenNetwork> written(
      Compressed made, Measurement measurement, Checkpoints checkpoints) {
    List<Compressed> networks = new ArrayList<>();
    networks.add(made);
    networks.addAll(made.onTheWay());
    List<WrittenNetwork> written = measurement.written(networks, checkpoints);
    written.forEach(
        network ->
            LOG.info(
                "{} {}: {}",
                network.compressed().method(),
                made.targetText(),
                network.comparison(false).line()));
    return written;
  }

  private static String unreachable(Pair pair, Throwable cause) {
    if (cause instanceof InputException input && input.kind() == InputException.Kind.USAGE) {
      return Constants.name(pair.mode()) + ": " + input.getMessage();
    }
    throw new IllegalStateException(pair.mode() + " at " + pair.target() + " failed", cause);
  }

  private Map<String, SumFinding> sums(NetworkStudy study) {
    Map<String, SumFinding> sums = new LinkedHashMap<>();
    if (config.solver().modes().contains(Mode.FULL)) {
      for (LayerOptions.Priced layer : study.options().get(Mode.FULL)) {
        List<CandidatePoint> points =
            layer.options().measured().stream().map(LayerResults::point).toList();
        Optional<SumFinding> finding = SumFinding.of(points);
        finding.ifPresent(found -> sums.put(layer.options().layer().name(), found));
      }
    }
    return sums;
  }
}
