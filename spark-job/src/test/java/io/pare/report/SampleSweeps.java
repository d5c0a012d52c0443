package io.pare.report;

import io.pare.report.layer.SumFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports of sweeps that look like those of runs. */
public final class SampleSweeps {
  private static final List<String> MODES =
      List.of("svd", "whitened", "prune", "low-rank-relu", "full");
  private static final long WEIGHTS = 1_231_552;

  private SampleSweeps() {}

  /** Five methods at four budgets. */
  public static SweepReport full() {
    return named("squeezenet1.1.onnx");
  }

  /** The same with a text wherever names of others come in. */
  public static SweepReport hostile() {
    return named(SampleReports.HOSTILE);
  }

  private static SweepReport named(String name) {
    List<ModeResult> results = new ArrayList<>();
    for (int budget = 0; budget < 4; budget++) {
      double factor = 1.5 + 0.5 * budget;
      for (int mode = 0; mode < MODES.size(); mode++) {
        long weights = Math.round(WEIGHTS / factor);
        long hits = 191 - (5 - mode) * (10 + 8L * budget);
        results.add(
            new ModeResult(
                MODES.get(mode),
                "params=" + factor,
                weights,
                280 * weights,
                4 * weights,
                Optional.of(accuracy(Math.max(0, hits))),
                false));
      }
    }
    return new SweepReport(
        name,
        new NetworkFigures(
            WEIGHTS, 349_151_936, 4_956_208, Optional.of(accuracy(191)), Optional.empty()),
        results,
        List.of("svd: params=9.0 cannot be reached with the layers of " + name),
        Map.of(
            name,
            new SumFinding(
                true, List.of(new SumFinding.Point("spatial(4)+inputs(2)", 1840, 0.04, 0.05)))),
        400,
        Map.of("model", name, "images", "hdfs:///images"),
        Map.of("solve", 140.5, "refit", 900.1),
        List.of(Warning.of(Warning.Code.FEW_SAMPLES, "2 of 26 layers have few samples", name)));
  }

  private static Accuracy accuracy(long top1) {
    return new Accuracy(
        300,
        300,
        top1,
        260,
        top1 / 300.0,
        260 / 300.0,
        Accuracy.wilson(top1, 300),
        1.4,
        Optional.of(0.8),
        Optional.of(0.3),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }
}
