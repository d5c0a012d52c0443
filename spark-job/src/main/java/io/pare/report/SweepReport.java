package io.pare.report;

import io.pare.report.json.Json;
import io.pare.report.json.Missing;
import io.pare.report.layer.SumFinding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Several methods at several budgets, side by side on the same images.
 *
 * @param model file name of the network
 * @param before the original network
 * @param results of each method at each budget
 * @param unreachable budgets that a method cannot reach, with the reasons
 * @param sums whether sums of both components win, by layer; layers without sums are left out
 * @param images calibration images used
 * @param configuration effective, key by key
 * @param seconds wall-clock time by phase
 * @param warnings of the run
 */
public record SweepReport(
    String model,
    NetworkFigures before,
    List<ModeResult> results,
    List<String> unreachable,
    Map<String, SumFinding> sums,
    long images,
    Map<String, String> configuration,
    Map<String, Double> seconds,
    List<Warning> warnings) {

  public SweepReport {
    Missing.refuse(model, before);
    results = Missing.orEmpty(results);
    unreachable = Missing.orEmpty(unreachable);
    sums = Missing.orEmpty(sums);
    configuration = Missing.orEmpty(configuration);
    seconds = Missing.orEmpty(seconds);
    warnings = Missing.orEmpty(warnings);
  }

  /** The report as indented JSON. */
  public String json() {
    return Json.write(this);
  }

  /**
   * The results as Markdown: a row for each budget, a column for each method, in each cell top-1 in
   * per cent and what it lost in points, or without labels the weights; then another such table of
   * what the outputs are like.
   */
  public String markdown() {
    Set<String> modes = new LinkedHashSet<>();
    Set<String> targets = new LinkedHashSet<>();
    results.forEach(
        result -> {
          modes.add(result.mode());
          targets.add(result.target());
        });
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %,d weights, top-1 %s"
            .formatted(
                model,
                before.weights(),
                before
                    .accuracy()
                    .filter(accuracy -> accuracy.labelled() > 0)
                    .map(SweepReport::counted)
                    .orElse("not measured")));
    lines.addAll(table(targets, modes, this::cell));
    if (results.stream().anyMatch(result -> !likeness(result).isEmpty())) {
      lines.add("");
      lines.add(
          "Agreement with the original's first class in per cent and divergence from its scores in nats, or the relative squared error of outputs that are values:");
      lines.addAll(table(targets, modes, SweepReport::likeness));
    }
    unreachable.forEach(reason -> lines.add(System.lineSeparator() + "Not reached: " + reason));
    lines.addAll(sumLines());
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }

  private List<String> table(
      Set<String> targets, Set<String> modes, Function<ModeResult, String> cell) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("| target | " + String.join(" | ", modes) + " |");
    lines.add("| --- |" + " ---: |".repeat(modes.size()));
    for (String target : targets) {
      StringBuilder row = new StringBuilder("| " + target + " |");
      for (String mode : modes) {
        row.append(' ').append(result(target, mode).map(cell).orElse("")).append(" |");
      }
      lines.add(row.toString());
    }
    return lines;
  }

  /** For each layer the sum that wins most over single components, or loses least. */
  private List<String> sumLines() {
    if (sums.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        "Sums of a low-rank and a sparse component, beside the best single component of the same weights; other layers had none among their candidates.");
    lines.add("");
    lines.add("| layer | sums | the best | weights | held-out error | single component | saved |");
    lines.add("| --- | --- | --- | ---: | ---: | ---: | ---: |");
    sums.forEach(
        (layer, finding) ->
            finding.points().stream()
                .max(Comparator.comparingDouble(SumFinding.Point::gain))
                .ifPresent(best -> lines.add(sumLine(layer, finding.onEnvelope(), best))));
    return lines;
  }

  private static String sumLine(String layer, boolean wins, SumFinding.Point best) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %,d | %.3g | %.3g | %s |",
        layer.replaceAll("[\\p{Cntrl}|`<>]", "_"),
        wins ? "win" : "lose",
        best.structure(),
        best.weights(),
        best.error(),
        best.singleError(),
        // A sum with several times the error of a single component is far off, whatever the factor.
        best.gain() > -1 ? String.format(Locale.ROOT, "%+.1f %%", 100 * best.gain()) : "");
  }

  private Optional<ModeResult> result(String target, String mode) {
    return results.stream()
        .filter(result -> result.target().equals(target) && result.mode().equals(mode))
        .findFirst();
  }

  private static String likeness(ModeResult result) {
    Optional<Double> agreement = result.accuracy().flatMap(Accuracy::agreement);
    Optional<Double> divergence = result.accuracy().flatMap(Accuracy::divergence);
    Optional<Double> error = result.accuracy().flatMap(Accuracy::outputError);
    List<String> figures = new ArrayList<>();
    agreement.ifPresent(share -> figures.add(String.format(Locale.ROOT, "%.2f", 100 * share)));
    divergence.ifPresent(nats -> figures.add(String.format(Locale.ROOT, "%.4f", nats)));
    error.ifPresent(share -> figures.add(String.format(Locale.ROOT, "error %.4f", share)));
    return String.join(", ", figures);
  }

  private String cell(ModeResult result) {
    Optional<Accuracy> after = result.accuracy();
    if (after.isEmpty() || before.accuracy().isEmpty() || after.get().labelled() == 0) {
      return "%,d weights".formatted(result.weights());
    }
    double lost = after.get().top1Rate() - before.accuracy().get().top1Rate();
    return String.format(Locale.ROOT, "%.2f (%+.2f)", 100 * after.get().top1Rate(), 100 * lost);
  }

  private static String counted(Accuracy accuracy) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d (%.2f %%)",
        accuracy.top1(),
        accuracy.labelled(),
        100 * accuracy.top1Rate());
  }
}
