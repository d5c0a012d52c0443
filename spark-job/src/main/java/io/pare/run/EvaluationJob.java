package io.pare.run;

import io.pare.InputException;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.config.ConfigFile;
import io.pare.config.EvaluationConfig;
import io.pare.io.HadoopFiles;
import io.pare.report.Accuracy;
import io.pare.report.EvaluationReport;
import io.pare.report.Warning;
import io.pare.run.input.ChosenPreprocessing;
import io.pare.run.input.HadoopSettings;
import io.pare.run.input.JobImages;
import io.pare.run.input.SourceNetwork;
import io.pare.run.input.SparkApplication;
import io.pare.run.pipeline.OriginalAccuracy;
import io.pare.run.progress.Phases;
import io.pare.run.progress.Warnings;
import io.pare.stage.images.BadImage;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.EvaluateModelStage;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One measurement of a network on labelled images, alone or beside a reference network. */
public final class EvaluationJob {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluationJob.class);

  private final EvaluationConfig config;
  private final PrintStream out;
  private final Phases phases = new Phases();
  private final Warnings warnings = new Warnings();

  public EvaluationJob(EvaluationConfig config, PrintStream out) {
    this.config = config;
    this.out = out;
  }

  /** Measures in a Spark application of its own. */
  public void run() {
    Networks networks = read();
    try (JavaSparkContext spark = SparkApplication.start("pare evaluate " + networks.name())) {
      run(spark, networks);
    }
  }

  /** Measures in a Spark application that is there. */
  public void run(JavaSparkContext spark) {
    run(spark, read());
  }

  /** The network to measure, and what it is compared to. */
  private record Networks(SourceNetwork measured, Optional<SourceNetwork> reference) {

    private Networks {
      if (reference.isPresent() && !comparable(measured, reference.get())) {
        throw InputException.usage(
            "reference %s takes %s and puts out %s, but model %s takes %s and puts out %s: they cannot be compared"
                .formatted(
                    reference.get().name(),
                    input(reference.get()),
                    reference.get().outputs(),
                    measured.name(),
                    input(measured),
                    measured.outputs()));
      }
    }

    /** Both as they see the same images. */
    Networks seeingTheSame() {
      return reference
          .map(other -> ChosenPreprocessing.common(measured.chosen(), other.chosen()))
          .map(common -> new Networks(measured.with(common), reference))
          .orElse(this);
    }

    private static boolean comparable(SourceNetwork first, SourceNetwork second) {
      return first.input().equals(second.input()) && first.outputs().matches(second.outputs());
    }

    private static String input(SourceNetwork network) {
      return "%d x %d x %d in %s"
          .formatted(
              network.input().channels(),
              network.input().height(),
              network.input().width(),
              network.input().layout());
    }

    String name() {
      return measured.name();
    }

    /** The reference's evaluation first, where there is one. */
    List<Evaluation> evaluations(JobImages images, PreparedImages labelled) {
      SourceNetwork first = reference.orElse(measured);
      List<byte[]> others =
          reference.isPresent() ? List.of(measured.original().toBytes()) : List.of();
      try (EvaluateModelStage.Reference evaluated =
          images.reference(labelled, first.original(), first.outputs())) {
        return evaluated.evaluate(others);
      }
    }
  }

  private Networks read() {
    Map<String, String> paths = new LinkedHashMap<>();
    paths.put("model", config.network().model());
    config.reference().ifPresent(path -> paths.put("reference", path));
    config.validation().images().ifPresent(path -> paths.put("validation", path));
    Configuration hadoop = HadoopSettings.ofProcess();
    new HadoopFiles(hadoop).requireKnown(paths);
    new ResultFile(config.resultJson()).requireWritable();
    LOG.info("{}", ConfigFile.defaults().changed(config.effective()));
    config.effective().forEach((key, value) -> LOG.debug("{} = {}", key, value));
    return new Networks(
            SourceNetwork.read(config.network(), hadoop, phases),
            config
                .referenceNetwork()
                .map(reference -> SourceNetwork.read(reference, hadoop, phases)))
        .seeingTheSame();
  }

  private void run(JavaSparkContext spark, Networks networks) {
    networks.measured().warn(warnings);
    JobImages images = JobImages.alone(spark, networks.measured(), config.reading());
    PreparedImages labelled =
        phases.time("prepare images", () -> images.validation(config.validation()));
    EvaluationReport report;
    try {
      List<Evaluation> evaluations =
          phases.time("evaluate", () -> networks.evaluations(images, labelled));
      String location = config.validation().images().orElseThrow();
      SourceNetwork first = networks.reference().orElse(networks.measured());
      JobImages.warn(labelled, location, warnings);
      new OriginalAccuracy(evaluations.get(0), first.classes()).warn(first, location, warnings);
      report = report(networks, evaluations, labelled.bad());
    } finally {
      images.release(labelled);
    }
    warnings.summarise();
    out.println(report.table() + Warning.summary(warnings.all()));
    config
        .resultJson()
        .ifPresent(
            path ->
                new HadoopFiles(spark.hadoopConfiguration())
                    .write(path, report.json().getBytes(StandardCharsets.UTF_8)));
  }

  private EvaluationReport report(
      Networks networks, List<Evaluation> evaluations, List<BadImage> bad) {
    int last = evaluations.size() - 1;
    Optional<EvaluationReport.Reference> reference =
        networks
            .reference()
            .map(
                other ->
                    new EvaluationReport.Reference(
                        other.name(), other.sha256(), Accuracy.alone(evaluations.get(0))));
    return new EvaluationReport(
        networks.name(),
        networks.measured().sha256(),
        reference.isPresent()
            ? Accuracy.of(evaluations.get(last))
            : Accuracy.alone(evaluations.get(last)),
        reference,
        bad.stream().map(image -> image.name() + ": " + image.reason()).toList(),
        networks.measured().effective(config.effective()),
        phases.seconds(),
        warnings.all());
  }
}
