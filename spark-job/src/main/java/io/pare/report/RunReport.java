package io.pare.report;

import io.pare.PlainLine;
import io.pare.report.json.Json;
import io.pare.report.json.Missing;
import io.pare.report.layer.LayerResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The result of one compression.
 *
 * @param model file name of the network
 * @param target as configured
 * @param before the original network
 * @param after the network that was written, measured on that very file
 * @param layers in graph order, kept ones included
 * @param images calibration images used
 * @param badImages images left out, with names and reasons
 * @param planLoss sum of the expected errors of the plan
 * @param planGap how much of it another plan could save at most
 * @param comparison networks that other modes and targets give, for the chart of accuracy against
 *     size; may be empty
 * @param rounds of checking against a limit and backing off; may be empty
 * @param configuration effective, key by key
 * @param made when, where and by what it was made: date, command, processor, versions and hashes,
 *     by name; empty in reports of old
 * @param seconds wall-clock time by phase
 * @param memory peaks of resident memory by phase, where they were seen
 * @param reused what an earlier run had finished, by stage: layers, and networks that it had
 *     evaluated; may be empty
 * @param recovery how the network learned again, where that was asked for
 * @param quantization how the network was put into eight bits, where that was asked for
 * @param warnings of the run
 */
public record RunReport(
    String model,
    String target,
    NetworkFigures before,
    NetworkFigures after,
    List<LayerResult> layers,
    long images,
    List<String> badImages,
    double planLoss,
    double planGap,
    List<ModeResult> comparison,
    List<CheckRound> rounds,
    Map<String, String> configuration,
    Map<String, String> made,
    Map<String, Double> seconds,
    Map<String, PhaseMemory> memory,
    Map<String, List<String>> reused,
    Optional<RecoveryResult> recovery,
    Optional<QuantizationResult> quantization,
    List<Warning> warnings) {

  public RunReport {
    Missing.refuse(model, target, before, after);
    layers = Missing.orEmpty(layers);
    badImages = Missing.orEmpty(badImages);
    comparison = Missing.orEmpty(comparison);
    rounds = Missing.orEmpty(rounds);
    configuration = Missing.orEmpty(configuration);
    made = new TreeMap<>(Missing.orEmpty(made));
    seconds = Missing.orEmpty(seconds);
    memory = Missing.orEmpty(memory);
    reused = Missing.orEmpty(reused);
    warnings = Missing.orEmpty(warnings);
  }

  /**
   * Reads a report back.
   *
   * @throws IllegalArgumentException if the text is no report
   */
  public static RunReport of(String json) {
    return Json.read(json, RunReport.class);
  }

  /** The report as indented JSON. */
  public String json() {
    return Json.write(this);
  }

  /** The headline before and after, as a table for a terminal. */
  public String table() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT, "%-14s %14s %14s %9s", PlainLine.of(model()), "before", "after", "ratio"));
    lines.add(ratio("weights", NetworkFigures::weights));
    lines.add(ratio("macs", NetworkFigures::macs));
    lines.add(ratio("bytes", NetworkFigures::bytes));
    if (before.accuracy().isPresent() && after.accuracy().isPresent()) {
      Accuracy old = before.accuracy().get();
      Accuracy now = after.accuracy().get();
      if (old.labelled() > 0) {
        lines.add(share("top-1 %", old.top1Rate(), now.top1Rate()));
        lines.add(share("top-5 %", old.top5Rate(), now.top5Rate()));
      }
      now.agreement()
          .ifPresent(share -> lines.add(share("agreement %", old.agreement().orElse(1.0), share)));
      now.outputError().ifPresent(error -> lines.add(error(old.outputError().orElse(0.0), error)));
      lines.add("measured on %d %s".formatted(now.images(), measuredImages()));
    }
    return String.join(System.lineSeparator(), lines);
  }

  /** What the images are that the networks were measured on. */
  public String measuredImages() {
    return configuration.getOrDefault("validation", "").isEmpty()
        ? "held-out calibration images"
        : "images";
  }

  private static String error(double old, double now) {
    return String.format(Locale.ROOT, "%-14s %14.4f %14.4f %+9.4f", "output error", old, now, now);
  }

  private String ratio(String name, ToLongFunction<NetworkFigures> figure) {
    long old = figure.applyAsLong(before);
    long now = figure.applyAsLong(after);
    return String.format(
        Locale.ROOT, "%-14s %,14d %,14d %8.2fx", name, old, now, (double) old / Math.max(1, now));
  }

  private static String share(String name, double old, double now) {
    return String.format(
        Locale.ROOT, "%-14s %14.2f %14.2f %+9.2f", name, 100 * old, 100 * now, 100 * (now - old));
  }
}
