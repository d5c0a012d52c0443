package io.pare.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports of zoos with figures that are made up. */
public final class SampleZoos {
  private SampleZoos() {}

  /** Every status: compressed, up to date, failed at the first and at a later stage. */
  public static ZooReport full() {
    List<ZooModel> models = new ArrayList<>();
    models.add(made("squeezenet1.1", RunResult.Status.DONE, 1_231_552, Optional.of(0.6367)));
    models.add(made("resnet20-cifar10", RunResult.Status.UP_TO_DATE, 268_336, Optional.of(0.81)));
    models.add(made("vgg16", RunResult.Status.DONE, 14_715_584, Optional.empty()));
    models.add(
        failed(
            "truncated",
            Optional.of(ZooStage.READ),
            "zoo/truncated.onnx: cannot be read as ONNX (100000 bytes: the input ended unexpectedly in the middle of a field); the file is truncated, damaged or no ONNX model"));
    models.add(failed("missing", Optional.empty(), "zoo/missing.onnx does not exist"));
    return new ZooReport("hdfs:///models/zoo.yaml", "hdfs:///models/pared", models, 754.2);
  }

  /** Names and messages that are markup, or longer than any line. */
  public static ZooReport hostile() {
    String markup = "<script>alert(1)</script>\"'&";
    return new ZooReport(
        markup,
        "out",
        List.of(
            made("a".repeat(120), RunResult.Status.DONE, 1000, Optional.of(0.5)),
            failed("b".repeat(120), Optional.empty(), markup + "x".repeat(300))),
        1);
  }

  private static ZooModel made(
      String name, RunResult.Status status, long weights, Optional<Double> top1) {
    return new ZooModel(
        name,
        "zoo/" + name + ".onnx",
        "params=2.0",
        Optional.of(ZooStage.PUBLISHED),
        1,
        312.5,
        new RunResult(
            status,
            0,
            Optional.empty(),
            Optional.of("s3a://models/pared/" + name),
            Optional.of("s3a://models/pared/" + name + "/run-app-1"),
            Optional.of("app-1"),
            Optional.of("ab"),
            Optional.of("params=2.0"),
            Optional.of("0.1.0"),
            Optional.of(301.5),
            Map.of(),
            Optional.of(figures(weights, top1)),
            Optional.of(figures(weights / 2, top1.map(rate -> rate - 0.013))),
            List.of(),
            List.of()));
  }

  private static RunResult.Headline figures(long weights, Optional<Double> top1) {
    return new RunResult.Headline(
        weights,
        300 * weights,
        4 * weights,
        top1.map(rate -> 300L),
        top1,
        top1.map(rate -> rate + 0.1),
        top1.map(rate -> 0.9),
        top1.map(rate -> 0.04),
        Optional.empty(),
        Optional.of(weights / 1e5));
  }

  private static ZooModel failed(String name, Optional<ZooStage> reached, String error) {
    return new ZooModel(
        name, "zoo/" + name + ".onnx", "params=2.0", reached, 1, 0.4, RunResult.failed(3, error));
  }
}
