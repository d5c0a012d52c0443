package io.pare.report.page;

import io.pare.report.RunResult;
import io.pare.report.ZooModel;
import io.pare.report.ZooReport;
import io.pare.report.ZooStage;
import io.pare.report.figure.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The report of a zoo as one HTML page in the look of a model's own, which it links to below it.
 * Pure functions.
 */
public final class ZooPage {

  private ZooPage() {}

  /** The page of a report. */
  public static String of(ZooReport report) {
    Element main = Element.of("main").add(header(report));
    without(report).ifPresent(main::add);
    main.add(results(report)).add(stages(report));
    main.add(
        Element.of("footer")
            .add(Element.of("p").text("All figures of this page are in zoo.json.")));
    return Page.of("Zoo of %d models, compressed".formatted(report.models().size()), main);
  }

  private static Element header(ZooReport report) {
    return Element.of("header")
        .add(Element.of("p", "kicker").text("Pare · report of a zoo"))
        .add(Element.of("h1").text(report.models().size() + " models"))
        .add(
            Element.of("p", "summary")
                .text(
                    "%d compressed, %d up to date, %d skipped, %d failed, in %s; listed in %s."
                        .formatted(
                            report.count(RunResult.Status.DONE),
                            report.count(RunResult.Status.UP_TO_DATE),
                            report.count(RunResult.Status.SKIPPED),
                            report.count(RunResult.Status.FAILED),
                            Numbers.seconds(report.seconds()),
                            report.zoo())))
        .add(Element.of("p", "verdict").text(totals(report)));
  }

  /** What all results come to. */
  private static String totals(ZooReport report) {
    List<RunResult> made =
        report.models().stream().filter(ZooModel::hasResult).map(ZooModel::result).toList();
    return "In all %s weights instead of %s, and %s in files instead of %s."
        .formatted(
            Numbers.compact(sum(made, RunResult::after, RunResult.Headline::weights)),
            Numbers.compact(sum(made, RunResult::before, RunResult.Headline::weights)),
            Numbers.bytes(sum(made, RunResult::after, RunResult.Headline::bytes)),
            Numbers.bytes(sum(made, RunResult::before, RunResult.Headline::bytes)));
  }

  private static long sum(
      List<RunResult> results,
      Function<RunResult, Optional<RunResult.Headline>> which,
      ToLongFunction<RunResult.Headline> figure) {
    return results.stream().map(which).flatMap(Optional::stream).mapToLong(figure).sum();
  }

  private static Element results(ZooReport report) {
    Element section =
        Look.section(
            "Results",
            "Each name leads to the model's own report. The bar is what is left of the weights; rates are measured on the written file.");
    Element list = Element.of("div", "zoo");
    report.models().stream().filter(ZooModel::hasResult).forEach(m -> list.add(result(m)));
    return section.add(list);
  }

  /** The way from an output to the folder that its files are in. */
  private static String belowOutput(ZooModel model) {
    String output = model.result().output().orElse("");
    return model
        .result()
        .files()
        .filter(files -> files.startsWith(output))
        .map(files -> files.substring(output.length()))
        .orElse("");
  }

  private static Element result(ZooModel model) {
    RunResult.Headline before = model.result().before().orElseThrow();
    RunResult.Headline after = model.result().after().orElseThrow();
    Element name =
        Element.of("div", "name")
            .add(
                Element.of("a")
                    .with("href", model.name() + belowOutput(model) + "/report.html")
                    .add(Element.of("code").text(model.name())))
            .add(Element.of("span", "note").text(model.target()));
    long left = Math.round(1000.0 * after.weights() / Math.max(1, before.weights()));
    Element bar =
        Plot.canvas(1000, 10)
            .add(Plot.path("track", "M0 5H1000", ""))
            .add(Plot.path("fill", "M0 5H" + Math.min(1000, left), ""));
    Element weights =
        Element.of("div")
            .add(Element.of("div", "bar").add(bar))
            .add(
                figures(
                    Numbers.compact(before.weights()),
                    Numbers.compact(after.weights()),
                    "weights, " + ratio(before.weights(), after.weights())));
    return Element.of("div", "layer")
        .add(name)
        .add(Element.of("div", "weights").add(weights))
        .add(
            Element.of("div")
                .add(
                    figures(
                        Numbers.compact(before.macs()),
                        Numbers.compact(after.macs()),
                        "MACs, " + ratio(before.macs(), after.macs())),
                    figures(
                        Numbers.bytes(before.bytes()),
                        Numbers.bytes(after.bytes()),
                        "file, " + ratio(before.bytes(), after.bytes()))))
        .add(Element.of("div").add(accuracy(before, after)).add(latency(before, after)));
  }

  private static Element latency(RunResult.Headline before, RunResult.Headline after) {
    if (before.latencyMillis().isEmpty() || after.latencyMillis().isEmpty()) {
      return Element.of("p", "figures").text("latency not measured");
    }
    return figures(
        Numbers.millis(before.latencyMillis().get()),
        Numbers.millis(after.latencyMillis().get()),
        "latency");
  }

  private static Element accuracy(RunResult.Headline before, RunResult.Headline after) {
    Optional<Double> old = before.top1Rate();
    Optional<Double> now = after.top1Rate();
    if (old.isEmpty() || now.isEmpty()) {
      return Element.of("p", "figures").text("top-1 not measured");
    }
    String lost = Numbers.signed(100 * (now.get() - old.get()));
    return figures(
        Numbers.percent(old.get()),
        Numbers.percent(now.get()),
        "top-1, %s, on %s images".formatted(lost, Numbers.count(after.images().orElse(0L))));
  }

  private static Element figures(String before, String after, String what) {
    return Element.of("p", "figures")
        .text(before + " → ")
        .add(Element.of("strong").text(after))
        .text(" " + what);
  }

  private static String ratio(long before, long after) {
    return Numbers.factor((double) before / Math.max(1, after));
  }

  /** A row for each model, a column for each stage. */
  private static Element stages(ZooReport report) {
    Table table =
        new Table(1 + ZooStage.values().length, cells("model", ZooStage::text, "attempts", "time"));
    for (ZooModel model : report.models()) {
      table.add(
          cells(
              model.name(),
              stage -> model.at(stage).text(),
              Integer.toString(model.attempts()),
              time(model)));
    }
    table.add(
        cells(
            "reached by",
            stage -> Long.toString(report.count(stage)),
            "",
            Numbers.seconds(report.seconds())));
    return Look.section(
            "Stages",
            "How far each model has got; those that were up to date were left as they were.")
        .add(table.element());
  }

  /** That of this run, or of the one that made what was left as it is. */
  private static String time(ZooModel model) {
    return model.result().status() == RunResult.Status.UP_TO_DATE
        ? model
            .result()
            .seconds()
            .map(first -> Numbers.seconds(first) + " when it was made")
            .orElse("")
        : Numbers.seconds(model.seconds());
  }

  private static String[] cells(String first, Function<ZooStage, String> ofStage, String... last) {
    List<String> cells = new ArrayList<>(List.of(first));
    Arrays.stream(ZooStage.values()).map(ofStage).forEach(cells::add);
    cells.addAll(List.of(last));
    return cells.toArray(String[]::new);
  }

  private static Optional<Element> without(ZooReport report) {
    List<ZooModel> without = report.models().stream().filter(model -> !model.hasResult()).toList();
    if (without.isEmpty()) {
      return Optional.empty();
    }
    Element list = Element.of("dl", "pairs");
    for (ZooModel model : without) {
      String reason = model.result().error().orElse("");
      Element text = Element.of("dd").text(reason);
      if (!reason.contains(model.model())) {
        text.add(Element.of("span", "note").text(" · " + model.model()));
      }
      list.add(
          Element.of("dt", model.failed() ? "failed" : "skipped")
              .add(Element.of("code").text(model.name())),
          text);
    }
    return Optional.of(
        Look.section("Without a result, and why", "The same command again tries these only.")
            .add(list));
  }
}
