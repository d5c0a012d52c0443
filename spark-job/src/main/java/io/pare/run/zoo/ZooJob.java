package io.pare.run.zoo;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import io.pare.report.RunResult;
import io.pare.report.ZooModel;
import io.pare.report.ZooReport;
import io.pare.report.page.ZooPage;
import io.pare.run.input.SharedImages;
import io.pare.run.input.SparkApplication;
import io.pare.run.pipeline.WrittenNetwork;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Compresses the models of a zoo in one Spark application, some at a time, with equal shares of the
 * cluster. One that fails stops no other; one whose result is there, made from the same, is left as
 * it is.
 */
public final class ZooJob {
  private static final Map<String, String> FAIR = Map.of("spark.scheduler.mode", "FAIR");
  private static final String PAGE = "zoo-report.html";
  private static final double NANOS = 1e9;
  private static final int NAMED = 5;

  private final ZooPlan plan;
  private final PrintStream out;

  public ZooJob(ZooPlan plan, PrintStream out) {
    this.plan = plan;
    this.out = out;
  }

  /**
   * Runs in a Spark application of its own.
   *
   * @return a failed one (exit code 5) when some models failed; the results of the others stand
   */
  public RunResult run() {
    try (JavaSparkContext spark = SparkApplication.start("pare zoo " + plan.zoo(), FAIR)) {
      return run(spark);
    }
  }

  /** Runs in a Spark application that is there. */
  public RunResult run(JavaSparkContext spark) {
    HadoopFiles files = new HadoopFiles(spark.hadoopConfiguration());
    if (files.exists(plan.output() + "/" + WrittenNetwork.MANIFEST)) {
      throw InputException.usage(
          "output = " + plan.output() + " holds the result of a single model: name another folder");
    }
    files.requireWritable("output", plan.output() + "/" + PAGE);
    long begin = System.nanoTime();
    List<ZooModel> models = models(spark);
    ZooReport report =
        new ZooReport(plan.zoo(), plan.output(), models, (System.nanoTime() - begin) / NANOS);
    Map<String, byte[]> written =
        Map.of(
            "zoo.json",
            report.json().getBytes(StandardCharsets.UTF_8),
            PAGE,
            ZooPage.of(report).getBytes(StandardCharsets.UTF_8));
    written.forEach((name, bytes) -> files.write(plan.output() + "/" + name, bytes));
    ZooTable.lines(report).forEach(out::println);
    RunResult result =
        RunResult.zoo(
            report.count(RunResult.Status.DONE) > 0
                ? RunResult.Status.DONE
                : RunResult.Status.UP_TO_DATE,
            files.resolve(plan.output()),
            written,
            models);
    return failure(report)
        .map(why -> result.failing(InputException.Kind.PARTIAL.exitCode(), why))
        .orElse(result);
  }

  private List<ZooModel> models(JavaSparkContext spark) {
    SharedImages shared = new SharedImages();
    plan.models().forEach(model -> model.dataSets().forEach(shared::expect));
    ExecutorService workers = Executors.newFixedThreadPool(plan.common().atOnce());
    try {
      List<Future<ZooModel>> running = new ArrayList<>();
      for (ZooPlan.Model model : plan.models()) {
        running.add(workers.submit(() -> run(model, spark, shared)));
      }
      List<ZooModel> models = new ArrayList<>();
      for (Future<ZooModel> model : running) {
        models.add(model.get());
      }
      return models;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a model could not be worked on", e.getCause());
    } finally {
      workers.shutdownNow();
    }
  }

  private ZooModel run(ZooPlan.Model model, JavaSparkContext spark, SharedImages shared) {
    try {
      return new ZooRun(model, spark, shared, out).run();
    } finally {
      model.dataSets().forEach(shared::done);
    }
  }

  private Optional<String> failure(ZooReport report) {
    List<ZooModel> failed = report.models().stream().filter(ZooModel::failed).toList();
    if (failed.isEmpty()) {
      return Optional.empty();
    }
    String first =
        failed.stream()
            .limit(NAMED)
            .map(model -> model.name() + " (" + model.result().error().orElse("") + ")")
            .collect(Collectors.joining("; "));
    return Optional.of(
        "%d of %d models failed, all others are in %s: %s%s"
            .formatted(
                failed.size(),
                report.models().size(),
                plan.output(),
                first,
                failed.size() > NAMED ? "; and so on, see zoo.json there" : ""));
  }
}
