package io.pare.run.pipeline;

import io.pare.algorithm.candidate.Mode;
import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.LayerGroup;
import io.pare.algorithm.structure.Structure;
import io.pare.config.JobConfig;
import io.pare.config.Settings;
import io.pare.model.rewrite.Replacement;
import io.pare.plan.CompressionPlan;
import io.pare.plan.LayerPlan;
import io.pare.plan.LayerTimes;
import io.pare.plan.Planner;
import io.pare.plan.SensitivityCurve;
import io.pare.plan.Target;
import io.pare.run.input.JobImages;
import io.pare.run.input.SharedImages;
import io.pare.run.input.SourceNetwork;
import io.pare.run.progress.Phases;
import io.pare.stage.layers.LayerFit;
import io.pare.stage.layers.LayerGroups;
import io.pare.stage.layers.RefitNetworkStage;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.network.MeasureSensitivityStage;
import io.pare.stage.spark.Checkpoints;
import io.pare.testing.BenchFigures;
import io.pare.testing.SharedMaterial;
import io.pare.testing.SparkTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a change of a layer does to the output, by trials and by gradients: ranks, seconds, and the
 * divergence of what is planned with either, or with trials on fewer images, without a refit.
 */
class SensitivityBench {
  private static final String TRIALS = "trials";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "resnet20-cifar10; data/cifar10-train.tar; 1200; torchvision,resize=none,crop=none",
        "squeezenet1.1; data/imagenet-sample/train; 200; torchvision",
      })
  void trialsAndGradients(
      String name, String images, String count, String pixels, @TempDir Path folder)
      throws Exception {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("model", SharedMaterial.require("models/" + name + ".onnx").toString());
    keys.put("images", SharedMaterial.require(images).toString());
    keys.put("preprocessing", pixels);
    keys.put("calibration-images", count);
    keys.put("sensitivity-images", "128");
    keys.put("output", folder.resolve("out").toString());
    keys.put("samples-per-column", "4");
    keys.put("forms", "low-rank-channel,low-rank-spatial,kept-inputs");
    JobConfig config = JobConfig.of(Settings.of(Optional.empty(), keys));
    Phases phases = new Phases();
    SourceNetwork source = SourceNetwork.read(config.network(), new Configuration(), phases);
    try (JavaSparkContext spark = new JavaSparkContext(SparkTest.conf("local[2]", "sensitivity"))) {
      spark.setLogLevel("WARN");
      JobImages jobImages = new JobImages(spark, source, config.reading(), new SharedImages());
      try (SampledLayers sampled = new SampledLayers(spark, source, jobImages, config, phases)) {
        compare(name, config, sampled, phases);
      }
    }
  }

  private static void compare(String name, JobConfig config, SampledLayers sampled, Phases phases)
      throws Exception {
    Checkpoints checkpoints = new Checkpoints(Optional.empty(), "");
    SolvedLayers solved = SolvedLayers.of(sampled, checkpoints, config.solver(), phases);
    SensitivityTrials trials = SensitivityTrials.of(solved.options().get(Fitting.LINEAR));
    List<SensitivityTrials.Trial> all = trials.trials();
    List<Replacement> replacements =
        SensitivityTrials.replacements(all, sampled.statistics(), Fitting.LINEAR);
    int count = config.planning().sensitivityImages();

    long start = System.nanoTime();
    double[] truth = measured(sampled, replacements, count);
    double trialSeconds = (System.nanoTime() - start) / 1e9;

    start = System.nanoTime();
    double[] expected = new GradientSensitivity(sampled, replacements).divergences(count);
    double gradientSeconds = (System.nanoTime() - start) / 1e9;
    double[] ratios =
        IntStream.range(0, truth.length)
            .mapToDouble(k -> expected[k] / truth[k])
            .sorted()
            .toArray();
    BenchFigures.add(
        "sensitivity",
        name + ", rank correlation of gradients with trials",
        rankCorrelation(truth, expected),
        Map.of(
            "trials s", trialSeconds,
            "gradients s", gradientSeconds,
            "gradients / trials, a tenth", ratios[ratios.length / 10],
            "median", ratios[ratios.length / 2],
            "nine tenths", ratios[ratios.length * 9 / 10]));
    Map<String, double[]> ways = new LinkedHashMap<>();
    ways.put(TRIALS, truth);
    ways.put("gradients", expected);
    ways.put("one trial", only(trials, truth, 0.05));
    ways.put("two trials", only(trials, truth, 0.05, 0.25));
    for (int fewer : new int[] {count / 2, count / 4}) {
      ways.put("trials on %d images".formatted(fewer), measured(sampled, replacements, fewer));
    }
    plans(name, config, sampled, solved, trials, ways);
  }

  private static double[] measured(
      SampledLayers sampled, List<Replacement> replacements, int images) {
    Evaluation[] measured = new Evaluation[replacements.size()];
    try (MeasureSensitivityStage.Original original =
        sampled
            .jobImages()
            .sensitivity()
            .original(
                sampled.source().folded(),
                sampled.source().layers().compressible(),
                sampled.images(),
                sampled.sampling().heldOutImages(),
                images)) {
      original.run(
          new MeasureSensitivityStage.Trials(replacements, (place, e) -> measured[place] = e));
    }
    return Arrays.stream(measured).mapToDouble(Evaluation::difference).toArray();
  }

  /** Networks of the plans that each way leads to, without refit, on all images. */
  private static void plans(
      String name,
      JobConfig config,
      SampledLayers sampled,
      SolvedLayers solved,
      SensitivityTrials trials,
      Map<String, double[]> ways)
      throws Exception {
    DraftCosts drafts =
        new DraftCosts(sampled.source(), sampled.pinned(), Map.of(), config.precision());
    Map<String, List<Double>> divergences = new LinkedHashMap<>();
    Map<String, List<Double>> planned = new LinkedHashMap<>();
    try (EvaluateModelStage.Reference judge =
        sampled.jobImages().reference(sampled.images(), sampled.source().original())) {
      for (double factor : new double[] {1.2, 1.35, 1.5, 1.75, 2, 2.5, 3, 4}) {
        for (Map.Entry<String, double[]> way : ways.entrySet()) {
          NetworkStudy study =
              new NetworkStudy(
                  sampled,
                  new Checkpoints(Optional.empty(), ""),
                  Map.of(
                      Mode.FULL,
                      new SensitivityTrials.Sensitivities(curves(trials, way.getValue()))
                          .of(solved.of(Mode.FULL))),
                  LayerTimes.none());
          CompressionPlan plan =
              new Planner(
                      study.material(Mode.FULL, config),
                      List.of(new Target(Target.Metric.PARAMS, factor)),
                      drafts)
                  .plan();
          byte[] written = drafts.written(fits(plan, sampled)).toBytes();
          divergences
              .computeIfAbsent(way.getKey(), k -> new ArrayList<>())
              .add(judge.evaluate(List.of(written)).get(1).difference());
          planned.computeIfAbsent(way.getKey(), k -> new ArrayList<>()).add(plan.loss());
        }
      }
    }
    List<Double> a = divergences.get(TRIALS);
    for (String way : ways.keySet()) {
      List<Double> b = divergences.get(way);
      BenchFigures.add(
          "sensitivity",
          name + ", divergence of plans by " + way + " / by trials",
          meanRatio(b, a),
          Map.of(
              "worst",
              IntStream.range(0, a.size())
                  .mapToDouble(k -> b.get(k) / a.get(k))
                  .max()
                  .orElseThrow(),
              "planned / measured",
              meanRatio(planned.get(way), b),
              "plans",
              (double) a.size()));
    }
  }

  private static double meanRatio(List<Double> a, List<Double> b) {
    return Math.exp(
        IntStream.range(0, a.size())
            .mapToDouble(k -> Math.log(a.get(k) / b.get(k)))
            .average()
            .orElseThrow());
  }

  /** The trials whose errors lie nearest to some sizes; the others have no figure. */
  private static double[] only(SensitivityTrials trials, double[] truth, double... errors) {
    List<SensitivityTrials.Trial> all = trials.trials();
    double[] some = new double[truth.length];
    Arrays.fill(some, Double.NaN);
    for (double error : errors) {
      Map<String, Integer> nearest = new LinkedHashMap<>();
      for (int k = 0; k < all.size(); k++) {
        int place = k;
        nearest.merge(
            all.get(k).layer().name(),
            place,
            (a, b) -> distance(all, a, error) <= distance(all, b, error) ? a : b);
      }
      nearest.values().forEach(k -> some[k] = truth[k]);
    }
    return some;
  }

  private static double distance(List<SensitivityTrials.Trial> all, int k, double error) {
    return Math.abs(Math.log(Math.max(all.get(k).candidate().error(), 1e-9) / error));
  }

  private static List<Replacement> fits(CompressionPlan plan, SampledLayers sampled) {
    Map<LayerGroup, List<Structure.Sum>> wanted = new TreeMap<>();
    for (LayerPlan layer : plan.layers()) {
      if (!layer.choice().isKeep()) {
        for (LayerGroup group : LayerGroups.of(layer.layer())) {
          wanted.put(
              group, List.of((Structure.Sum) layer.choice().structures().get(group.group())));
        }
      }
    }
    Map<LayerGroup, List<Approximation>> fits =
        sampled.statistics().sketches(wanted, Fitting.LINEAR);
    Map<String, LayerFit> byName = new LinkedHashMap<>();
    for (LayerPlan layer : plan.layers()) {
      if (!layer.choice().isKeep()) {
        byName.put(
            layer.layer().name(),
            new LayerFit(
                LayerGroups.of(layer.layer()).stream().map(g -> fits.get(g).get(0)).toList(), 0));
      }
    }
    return RefitNetworkStage.replacements(sampled.groups(), byName);
  }

  private static Map<String, SensitivityCurve> curves(
      SensitivityTrials trials, double[] divergences) {
    Map<String, Map<Double, Double>> points = new LinkedHashMap<>();
    List<SensitivityTrials.Trial> all = trials.trials();
    for (int k = 0; k < all.size(); k++) {
      if (!Double.isNaN(divergences[k])) {
        points
            .computeIfAbsent(all.get(k).layer().name(), n -> new TreeMap<>())
            .put(all.get(k).candidate().error(), divergences[k]);
      }
    }
    Map<String, SensitivityCurve> curves = new LinkedHashMap<>();
    points.forEach((layer, its) -> curves.put(layer, new SensitivityCurve(its)));
    return curves;
  }

  /** Spearman's coefficient. */
  private static double rankCorrelation(double[] a, double[] b) {
    double[] x = ranks(a);
    double[] y = ranks(b);
    double mean = (a.length - 1) / 2.0;
    double xy = 0;
    double xx = 0;
    for (int k = 0; k < a.length; k++) {
      xy += (x[k] - mean) * (y[k] - mean);
      xx += (x[k] - mean) * (x[k] - mean);
    }
    return xy / xx;
  }

  private static double[] ranks(double[] values) {
    Integer[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted((i, j) -> Double.compare(values[i], values[j]))
            .toArray(Integer[]::new);
    double[] ranks = new double[values.length];
    for (int k = 0; k < order.length; k++) {
      ranks[order[k]] = k;
    }
    return ranks;
  }
}
