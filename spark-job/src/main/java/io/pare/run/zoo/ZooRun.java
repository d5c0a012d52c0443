package io.pare.run.zoo;

import io.pare.InputException;
import io.pare.PlainLine;
import io.pare.io.HadoopFiles;
import io.pare.report.Manifest;
import io.pare.report.RunResult;
import io.pare.report.ZooModel;
import io.pare.report.ZooStage;
import io.pare.run.CompressionJob;
import io.pare.run.Failure;
import io.pare.run.ResultFile;
import io.pare.run.input.Recipe;
import io.pare.run.input.SharedImages;
import io.pare.run.input.SourceNetwork;
import io.pare.run.pipeline.WrittenNetwork;
import io.pare.run.progress.Phases;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One model of a zoo, from its file to a published result, or to the reason why there is none. Its
 * jobs are in a Spark pool and a job group of their own. For one thread.
 */
final class ZooRun {
  private static final Logger LOG = LoggerFactory.getLogger(ZooRun.class);
  private static final String POOL = "spark.scheduler.pool";
  private static final int LARGEST = 64 << 20;
  private static final double NANOS = 1e9;

  private final ZooPlan.Model model;
  private final JavaSparkContext spark;
  private final SharedImages shared;
  private final PrintStream out;
  private Optional<ZooStage> reached = Optional.empty();

  ZooRun(ZooPlan.Model model, JavaSparkContext spark, SharedImages shared, PrintStream out) {
    this.model = model;
    this.spark = spark;
    this.shared = shared;
    this.out = out;
  }

  /** Works on the model; whatever it throws is told in the result. */
  ZooModel run() {
    long begin = System.nanoTime();
    MDC.put("model", model.name());
    spark.setLocalProperty(POOL, model.name());
    spark.setJobGroup(model.name(), "compress " + model.name());
    int attempt = 0;
    RunResult result;
    do {
      attempt++;
      reached = Optional.empty();
      result = attempt(attempt);
    } while (result.exitCode() == Failure.INTERNAL && attempt < model.config().zoo().attempts());
    spark.clearJobGroup();
    spark.setLocalProperty(POOL, null);
    MDC.remove("model");
    return new ZooModel(
        model.name(),
        model.config().network().model(),
        model.config().planning().goal().toString(),
        reached,
        attempt,
        (System.nanoTime() - begin) / NANOS,
        result);
  }

  /**
   * Nothing that one model brings about, an error of a native library included, ends the others.
   */
  private RunResult attempt(int attempt) {
    try {
      return compressed();
    } catch (Throwable e) { // also Spark's SparkException, which is checked but not declared
      if (e instanceof InputException input && input.kind() == InputException.Kind.NOTHING) {
        LOG.info("{} is skipped: {}", model.name(), input.getMessage());
        return RunResult.skipped(PlainLine.of(input.getMessage()));
      }
      int code = Failure.exitCode(e);
      if (code == Failure.INTERNAL) {
        LOG.error("{} failed in attempt {}", model.name(), attempt, e);
        return RunResult.failed(
            code, PlainLine.of(Failure.internal(e, "the log has its stack trace")));
      }
      LOG.warn("{} failed: {}", model.name(), Failure.message(e));
      return RunResult.failed(code, PlainLine.of(Failure.message(e)));
    }
  }

  private RunResult compressed() {
    String file = model.config().network().model();
    if (!files().exists(file)) { // told at once: a list may have thousands of them
      throw InputException.data(file + " does not exist");
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    CompressionJob job =
        new CompressionJob(
            model.config(),
            new PrintStream(said, true, StandardCharsets.UTF_8),
            new Phases(new Following()),
            shared);
    SourceNetwork source = job.read(spark.hadoopConfiguration());
    requireHash(source);
    boolean upToDate = isUpToDate(source);
    RunResult.Status status = upToDate ? RunResult.Status.UP_TO_DATE : job.run(spark, source);
    out.println(
        upToDate
            ? model.name() + " is up to date"
            : said.toString(StandardCharsets.UTF_8).stripTrailing());
    reached = Optional.of(ZooStage.PUBLISHED);
    return ResultFile.readBack(status, model.config().output().path(), files());
  }

  private void requireHash(SourceNetwork source) {
    if (model.sha256().isPresent() && !model.sha256().get().equals(source.sha256())) {
      throw InputException.data(
          "%s has the SHA-256 %s, but the list says %s; fetch it again"
              .formatted(source.name(), source.sha256(), model.sha256().get()));
    }
  }

  /** Whether what stands at the output was made from the same, whatever {@code if-exists} says. */
  private boolean isUpToDate(SourceNetwork source) {
    String manifest = model.config().output().path() + "/" + WrittenNetwork.MANIFEST;
    if (!files().exists(manifest)) {
      return false;
    }
    String text = new String(files().readAll(manifest, LARGEST), StandardCharsets.UTF_8);
    try {
      return Manifest.of(text)
          .recipe()
          .equals(
              Optional.of(Recipe.of(source, model.config(), spark.hadoopConfiguration()).hash()));
    } catch (IllegalArgumentException e) {
      LOG.warn("{} is no manifest: {}", manifest, e.getMessage());
      return false;
    }
  }

  private HadoopFiles files() {
    return new HadoopFiles(spark.hadoopConfiguration());
  }

  private final class Following implements Phases.Listener {
    @Override
    public void ended(String phase) {
      ZooStage.endOf(phase)
          .filter(stage -> reached.filter(last -> last.compareTo(stage) >= 0).isEmpty())
          .ifPresent(stage -> reached = Optional.of(stage));
    }
  }
}
