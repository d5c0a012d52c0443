package io.pare.run.zoo;

import io.pare.report.RunResult;
import io.pare.report.TextTable;
import io.pare.report.ZooModel;
import io.pare.report.ZooReport;
import io.pare.report.ZooStage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The models of a zoo and how far each has got, as lines for a terminal. */
final class ZooTable {
  private static final String NONE = "";

  private ZooTable() {}

  static List<String> lines(ZooReport report) {
    List<String> header = new ArrayList<>(List.of("model"));
    Arrays.stream(ZooStage.values()).map(ZooStage::text).forEach(header::add);
    header.addAll(List.of("weights", "after", "top-1 %", "after", "seconds"));
    int columns = header.size();
    TextTable table =
        new TextTable(
            header, Set.of(columns - 5, columns - 4, columns - 3, columns - 2, columns - 1));
    report.models().forEach(model -> table.add(row(model)));
    table.add(totals(report, columns));
    List<String> lines = new ArrayList<>(table.lines());
    report.models().stream()
        .filter(model -> !model.hasResult())
        .forEach(model -> lines.add(model.name() + ": " + model.result().error().orElse(NONE)));
    lines.add(
        "%d compressed, %d up to date, %d skipped, %d failed; %s/zoo-report.html"
            .formatted(
                report.count(RunResult.Status.DONE),
                report.count(RunResult.Status.UP_TO_DATE),
                report.count(RunResult.Status.SKIPPED),
                report.count(RunResult.Status.FAILED),
                report.output()));
    return lines;
  }

  private static List<String> row(ZooModel model) {
    List<String> cells = new ArrayList<>(List.of(model.name()));
    for (ZooStage stage : ZooStage.values()) {
      cells.add(model.at(stage).text());
    }
    cells.add(weights(model.result().before()));
    cells.add(weights(model.result().after()));
    cells.add(top1(model.result().before()));
    cells.add(top1(model.result().after()));
    cells.add(String.format(Locale.ROOT, "%.1f", model.seconds()));
    return cells;
  }

  private static List<String> totals(ZooReport report, int columns) {
    List<String> cells = new ArrayList<>(List.of("all " + report.models().size()));
    for (ZooStage stage : ZooStage.values()) {
      cells.add(Long.toString(report.count(stage)));
    }
    while (cells.size() < columns - 1) {
      cells.add(NONE);
    }
    cells.add(String.format(Locale.ROOT, "%.1f", report.seconds()));
    return cells;
  }

  private static String weights(Optional<RunResult.Headline> figures) {
    return figures.map(f -> String.format(Locale.ROOT, "%,d", f.weights())).orElse(NONE);
  }

  private static String top1(Optional<RunResult.Headline> figures) {
    return figures
        .flatMap(RunResult.Headline::top1Rate)
        .map(rate -> String.format(Locale.ROOT, "%.2f", 100 * rate))
        .orElse(NONE);
  }
}
