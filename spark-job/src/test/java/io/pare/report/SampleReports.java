package io.pare.report;

import io.pare.algorithm.statistics.Evaluation;
import io.pare.algorithm.statistics.OutputEvaluation;
import io.pare.report.layer.AdmmTrace;
import io.pare.report.layer.CandidatePoint;
import io.pare.report.layer.LayerAnalysis;
import io.pare.report.layer.LayerResult;
import io.pare.report.layer.SensitivityPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reports made up for tests: one in which nothing is empty, one in which all that may be is. */
public final class SampleReports {
  /** A name that ends an element, an attribute or a line wherever it is not escaped. */
  public static final String HOSTILE =
      "\"'><script>alert(1)</script><img src=http://evil.example/x onerror=alert(2)>|`]]>&amp;\n# x";

  private SampleReports() {}

  /** A report in which every list has entries. */
  public static RunReport full() {
    return named("squeezenet1.1.onnx", "fire");
  }

  /** The same, every name from a model, a file or a data set hostile. */
  public static RunReport hostile() {
    return named(HOSTILE, HOSTILE);
  }

  /** The same, every name long and without a place to break it. */
  public static RunReport longNames() {
    String name = "a".repeat(400);
    return named(name, name);
  }

  private static RunReport named(String model, String prefix) {
    List<LayerResult> layers = new ArrayList<>();
    for (int k = 0; k < 24; k++) {
      layers.add(layer(prefix + k, 2_000L * (k + 1) * (k + 1), k));
    }
    return new RunReport(
        model,
        "params=1.5",
        figures(1_231_552, 349_151_936, 4_956_208, accuracy(191, 300), 18.4),
        figures(821_003, 211_030_110, 3_310_421, accuracy(157, 300), 12.9),
        layers,
        400,
        List.of(prefix + ".jpg: not an image", "train/n01/7.jpg: truncated after 812 bytes"),
        0.412,
        0.003,
        comparison(prefix),
        List.of(
            new CheckRound(1, "params=1.8", "top-1 loss in points", 12, Optional.of(9.1), 14.2),
            new CheckRound(2, "params=1.5", "top-1 loss in points", 12, Optional.empty(), 11.4)),
        Map.of("model", "hdfs:///models/" + model, "target", "params=1.5", "keep", prefix),
        new TreeMap<>(
            Map.of("date", "2026-11-27T06:00:00Z", "command", "pare compress --model " + prefix)),
        Map.of("read", 1.2, "gather", 61.0, "solve", 140.5, "refit", 200.1, "evaluate", 75.0),
        Map.of("solve", new PhaseMemory(2_100_000_000L, 3_400_000_000L)),
        Map.of("solve", List.of(prefix + 0, prefix + 1)),
        Optional.of(
            new RecoveryResult(
                true,
                0.001,
                320,
                List.of(
                    new RecoveryResult.Point(0, Optional.empty(), 0.41, Optional.of(0.71)),
                    new RecoveryResult.Point(80, Optional.of(0.35), 0.22, Optional.of(0.78))),
                Optional.of(new RecoveryResult.Blend(0.75, 0.21, Optional.of(0.79))),
                List.of("no gradient passes Gather " + prefix))),
        Optional.of(
            new QuantizationResult(
                0.031,
                Map.of("min-max", 0.052, "least-squares", 0.034),
                "least-squares",
                0.033,
                23,
                List.of(prefix + 1, prefix + 2),
                List.of(prefix + 3),
                "with avx_vnni")),
        List.of(
            Warning.of(
                Warning.Code.FEW_SAMPLES,
                "2 layers have 3 samples a column",
                prefix + "0, " + prefix)));
  }

  /** A report as a run gives it that measured nothing but sizes. */
  public static RunReport bare() {
    return configured(Map.of());
  }

  /** Such a report with a configuration. */
  public static RunReport configured(Map<String, String> configuration) {
    NetworkFigures figures = new NetworkFigures(10, 20, 30, Optional.empty(), Optional.empty());
    return new RunReport(
        "bare.onnx",
        "params=1.0",
        figures,
        figures,
        List.of(),
        0,
        List.of(),
        0,
        0,
        List.of(),
        List.of(),
        configuration,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static NetworkFigures figures(
      long weights, long macs, long bytes, Accuracy accuracy, double millis) {
    return new NetworkFigures(
        weights,
        macs,
        bytes,
        Optional.of(accuracy),
        Optional.of(new MeasuredLatency(millis, 1, 1)));
  }

  private static Accuracy accuracy(long top1, long images) {
    return Accuracy.of(
        new Evaluation(
            images,
            images,
            top1,
            top1 + 50,
            400,
            191 - top1 + 6,
            6,
            List.of(new OutputEvaluation("scores", images, images - 40, 0.21 * images, 0, 0))));
  }

  private static LayerResult layer(String name, long weights, int k) {
    boolean kept = k % 7 == 3;
    String[] structures = {"spatial(40)", "inputs(48)", "channel(30)+inputs(12)", "tucker(9,9)"};
    double share = kept ? 1 : 0.4 + 0.02 * k;
    return new LayerResult(
        name,
        "Conv",
        "64 x 64 x 3 x 3",
        1,
        "relu",
        kept ? "keep" : structures[k % 4],
        weights,
        (long) (share * weights),
        sparse(kept ? "keep" : structures[k % 4], (long) (share * weights)),
        weights * 196,
        196 * (long) (share * weights),
        kept ? 0 : 0.01 * k + 0.001,
        kept ? 0 : 0.004 * k + 0.0003,
        0.015 * k,
        kept ? "depthwise: " + name : "",
        kept ? LayerAnalysis.NONE : analysis(weights, k));
  }

  private static long sparse(String structure, long weights) {
    return !structure.contains("inputs(") ? 0 : structure.contains("+") ? weights / 3 : weights;
  }

  private static LayerAnalysis analysis(long weights, int k) {
    List<CandidatePoint> candidates = new ArrayList<>();
    for (int step = 1; step <= 10; step++) {
      long size = weights * step / 11;
      double error = 0.3 * Math.exp(-0.4 * step) * (1 + 0.1 * k);
      candidates.add(
          new CandidatePoint("spatial(" + step + ")", "low-rank-spatial", size, error, false));
      candidates.add(
          new CandidatePoint("inputs(" + step + ")", "kept-inputs", size, 1.6 * error, false));
      candidates.add(
          new CandidatePoint(
              "channel(%d)+inputs(%d)".formatted(step, step),
              "admm-kept-inputs",
              size + 10,
              (k % 2 == 0 ? 0.9 : 1.2) * error,
              true));
    }
    return LayerAnalysis.of(
        candidates,
        List.of(
            new SensitivityPoint(0.01, 0.002 * (k + 1)),
            new SensitivityPoint(0.08, 0.03 * (k + 1)),
            new SensitivityPoint(0.3, 0.2 * (k + 1))),
        k % 3 == 0
            ? List.of(trace("admm-channels 0.01", 40), trace("admm-channels 0.1", 23))
            : List.of());
  }

  private static AdmmTrace trace(String label, int iterations) {
    List<Double> objective = new ArrayList<>();
    List<Double> primal = new ArrayList<>();
    List<Double> dual = new ArrayList<>();
    List<Double> penalty = new ArrayList<>();
    List<Integer> rank = new ArrayList<>();
    List<Integer> support = new ArrayList<>();
    for (int k = 0; k < iterations; k++) {
      objective.add(-100 + 40 * Math.exp(-0.2 * k));
      primal.add(Math.exp(-0.25 * k) * (1.2 + Math.sin(k)));
      dual.add(0.3 * Math.exp(-0.22 * k) * (1.2 + Math.cos(k)));
      penalty.add(k < 5 ? 0.1 : 0.2);
      rank.add(Math.max(4, 30 - k));
      support.add(Math.max(12, 64 - 2 * k));
    }
    return new AdmmTrace(
        label, "gauss seidel", "converged", 0.125, objective, primal, dual, penalty, rank, support);
  }

  private static List<ModeResult> comparison(String prefix) {
    List<ModeResult> comparison = new ArrayList<>();
    String[] modes = {"svd", "whitened", "prune", "low-rank-relu", "full"};
    for (int mode = 0; mode < modes.length; mode++) {
      for (int step = 1; step <= 3; step++) {
        long weights = 1_231_552L / (step + 1);
        comparison.add(
            new ModeResult(
                modes[mode] + (prefix.equals(HOSTILE) ? HOSTILE : ""),
                "params=" + (step + 1),
                weights,
                weights * 300,
                weights * 4,
                Optional.of(accuracy(185 - 30L * step + 8L * mode, 300)),
                mode == modes.length - 1));
      }
    }
    return comparison;
  }
}
