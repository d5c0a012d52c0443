package io.pare.report;

import io.pare.PlainLine;
import io.pare.report.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The result of one evaluation.
 *
 * @param model the network, as it was named
 * @param sha256 of its file
 * @param accuracy of the network
 * @param reference the network that it was compared to
 * @param badImages images left out, with names and reasons
 * @param configuration effective, key by key
 * @param seconds wall-clock time by phase
 * @param warnings of the run
 */
public record EvaluationReport(
    String model,
    String sha256,
    Accuracy accuracy,
    Optional<Reference> reference,
    List<String> badImages,
    Map<String, String> configuration,
    Map<String, Double> seconds,
    List<Warning> warnings) {

  /**
   * What a network is compared to, on the same images.
   *
   * @param model as it was named
   * @param sha256 of its file
   * @param accuracy of the reference alone
   */
  public record Reference(String model, String sha256, Accuracy accuracy) {}

  /** The report as indented JSON. */
  public String json() {
    return Json.write(this);
  }

  /** The figures as a table for a terminal. */
  public String table() {
    List<String> lines = new ArrayList<>();
    lines.add(
        row("", "network", reference.map(other -> "reference"), reference.map(other -> "change")));
    if (accuracy.labelled() > 0) {
      lines.addAll(ofLabels());
    }
    accuracy.agreement().ifPresent(a -> lines.add(percent("agreement %", a, Optional.empty())));
    accuracy.divergence().ifPresent(d -> lines.add(number("divergence", d, Optional.empty())));
    accuracy.outputError().ifPresent(e -> lines.add(number("output error", e, Optional.empty())));
    lines.addAll(ofOutputs());
    lines.add(
        "measured on %d images, %d left out as bad".formatted(accuracy.images(), badImages.size()));
    return String.join(System.lineSeparator(), lines);
  }

  private List<String> ofLabels() {
    return List.of(
        count("top-1", accuracy.top1(), reference.map(other -> other.accuracy().top1())),
        count("top-5", accuracy.top5(), reference.map(other -> other.accuracy().top5())),
        percent("top-1 %", accuracy.top1Rate(), reference.map(r -> r.accuracy().top1Rate())),
        percent("top-5 %", accuracy.top5Rate(), reference.map(r -> r.accuracy().top5Rate())),
        number("loss", accuracy.loss(), reference.map(other -> other.accuracy().loss())));
  }

  /** A line for each output, where there are several. */
  private List<String> ofOutputs() {
    if (accuracy.outputs().size() < 2) {
      return List.of();
    }
    return accuracy.outputs().stream()
        .map(
            output ->
                "  %s: %s"
                    .formatted(
                        PlainLine.of(output.name()),
                        output
                            .divergence()
                            .map(nats -> String.format(Locale.ROOT, "divergence %.4f", nats))
                            .orElseGet(
                                () ->
                                    String.format(
                                        Locale.ROOT, "error %.4f", output.error().orElse(0.0)))))
        .toList();
  }

  private static String count(String name, long value, Optional<Long> other) {
    return row(
        name,
        Long.toString(value),
        other.map(o -> Long.toString(o)),
        other.map(o -> String.format(Locale.ROOT, "%+d", value - o)));
  }

  private static String percent(String name, double value, Optional<Double> other) {
    return row(
        name,
        String.format(Locale.ROOT, "%.2f", 100 * value),
        other.map(o -> String.format(Locale.ROOT, "%.2f", 100 * o)),
        other.map(o -> String.format(Locale.ROOT, "%+.2f", 100 * (value - o))));
  }

  private static String number(String name, double value, Optional<Double> other) {
    return row(
        name,
        String.format(Locale.ROOT, "%.4f", value),
        other.map(o -> String.format(Locale.ROOT, "%.4f", o)),
        other.map(o -> String.format(Locale.ROOT, "%+.4f", value - o)));
  }

  private static String row(
      String name, String value, Optional<String> other, Optional<String> change) {
    return "%-12s %10s %10s %9s"
        .formatted(name, value, other.orElse(""), change.orElse(""))
        .stripTrailing();
  }
}
