package io.pare.report.page;

import io.pare.report.CheckRound;
import io.pare.report.PhaseMemory;
import io.pare.report.QuantizationResult;
import io.pare.report.RunReport;
import io.pare.report.Warning;
import io.pare.report.figure.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the run was told, what it read and how long it took. */
final class RunFacts {
  private static final int MOST_BAD_IMAGES = 100;

  private RunFacts() {}

  static Optional<Element> warnings(List<Warning> warnings) {
    if (warnings.isEmpty()) {
      return Optional.empty();
    }
    Element list = Element.of("dl", "pairs");
    for (Warning warning : warnings) {
      list.add(Element.of("dt").text(warning.code()))
          .add(
              Element.of("dd")
                  .text(warning.text())
                  .add(Element.of("span", "note").text(" · " + warning.place())));
    }
    return Optional.of(
        Look.section("Warnings", "What the figures do not show and should be known.").add(list));
  }

  static Optional<Element> rounds(RunReport report) {
    if (report.rounds().isEmpty()) {
      return Optional.empty();
    }
    Table table = new Table(3, "round", "target", "limit on", "limit", "predicted", "measured", "");
    for (CheckRound round : report.rounds()) {
      table.add(
          Integer.toString(round.round()),
          round.target(),
          round.measure(),
          Numbers.three(round.limit()),
          round.predicted().map(Numbers::three).orElse(""),
          Numbers.three(round.measured()),
          round.passed() ? "kept" : "missed");
    }
    return Optional.of(
        Look.section(
                "Check and back-off",
                "The written network is measured; where it misses the limit, the next round has a milder target.")
            .add(table.element()));
  }

  /** How the network was put into eight bits, in words. */
  static Optional<Element> quantization(RunReport report) {
    return report
        .quantization()
        .map(its -> Look.section("Layers that compute on eight bits", sentence(its)));
  }

  private static String sentence(QuantizationResult its) {
    String rules =
        new TreeMap<>(its.byRule())
            .entrySet().stream()
                .map(rule -> rule.getKey() + " " + Numbers.three(rule.getValue()))
                .collect(Collectors.joining(", "));
    String floats =
        its.keptInFloats().isEmpty()
            ? "All of them compute on whole numbers."
            : "In floats, because their codes cost the output too much: "
                + String.join(", ", its.keptInFloats())
                + ".";
    String narrow =
        its.inFourBits().isEmpty()
            ? ""
            : " Weights of four bits: " + String.join(", ", its.inFourBits()) + ".";
    return String.format(
        Locale.ROOT,
        "Divergence from the original on held-out images: %s in floats, %s as written, with %d layers coded. Ranges by %s, the best of %s. %s%s Times are those of a processor %s.",
        Numbers.three(its.divergenceInFloats()),
        Numbers.three(its.divergence()),
        its.layers(),
        its.rule(),
        rules,
        floats,
        narrow,
        its.processor());
  }

  static Element images(RunReport report) {
    Element list = Element.of("dl", "pairs");
    boolean heldOut = report.configuration().getOrDefault("validation", "").isEmpty();
    entry(list, "calibration", report.images(), report.configuration().get("images"));
    report
        .after()
        .accuracy()
        .ifPresent(
            measured ->
                entry(
                    list,
                    heldOut ? "of them held out, measured on" : "validation",
                    measured.images(),
                    report.configuration().get(heldOut ? "images" : "validation")));
    list.add(Element.of("dt").text("bad, left out"));
    list.add(Element.of("dd").add(bad(report.badImages())));
    return Look.section("What it was fitted to and measured on", "").add(list);
  }

  private static void entry(Element list, String use, long images, String place) {
    Element text = Element.of("dd").text(Numbers.count(images));
    if (place != null) {
      text.text(" of ").add(Element.of("code").text(place));
    }
    list.add(Element.of("dt").text(use), text);
  }

  private static Element bad(List<String> names) {
    if (names.isEmpty()) {
      return Element.of("span").text("none");
    }
    Element list = Element.of("ul", "lines");
    List<String> shown = names.subList(0, Math.min(MOST_BAD_IMAGES, names.size()));
    shown.forEach(name -> list.add(Element.of("li").add(Element.of("code").text(name))));
    int left = names.size() - shown.size();
    Element all = Element.of("div").text(Numbers.count(names.size())).add(list);
    return left == 0
        ? all
        : all.add(Element.of("p", "note").text("and " + left + " more, in report.json"));
  }

  static Optional<Element> time(RunReport report) {
    return time(report.seconds(), report.memory());
  }

  /**
   * How long it took.
   *
   * @param seconds by phase
   * @param memory peaks by phase
   */
  static Optional<Element> time(Map<String, Double> seconds, Map<String, PhaseMemory> memory) {
    if (seconds.isEmpty()) {
      return Optional.empty();
    }
    double whole = seconds.values().stream().mapToDouble(s -> s).sum();
    Element rows = Element.of("div", "phases");
    seconds.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(
            phase -> {
              long length = whole > 0 ? Math.round(1000 * phase.getValue() / whole) : 0;
              Element bar = Plot.canvas(1000, 20).add(Plot.path("track", "M0 10H1000", ""));
              bar.add(Plot.path("fill", "M0 10H" + length, ""));
              rows.add(Element.of("span").text(phase.getKey()))
                  .add(Element.of("div", "bar").add(bar))
                  .add(Element.of("span", "figures").text(Numbers.seconds(phase.getValue())));
            });
    PhaseMemory most = memory.values().stream().reduce(PhaseMemory.NONE, PhaseMemory::max);
    return Optional.of(
        Look.section(
                "Time by phase",
                "%s in all, on the wall clock; the longest first.%s"
                    .formatted(Numbers.seconds(whole), memory(most)))
            .add(rows));
  }

  private static String memory(PhaseMemory most) {
    if (most.equals(PhaseMemory.NONE)) {
      return "";
    }
    String driver = Numbers.bytes(most.driverBytes());
    return most.executorBytes() == 0
        ? " Resident memory reached %s.".formatted(driver)
        : " Resident memory reached %s on the driver and %s on an executor."
            .formatted(driver, Numbers.bytes(most.executorBytes()));
  }

  static Optional<Element> made(RunReport report) {
    if (report.made().isEmpty()) {
      return Optional.empty();
    }
    Element list = Element.of("dl", "pairs");
    report
        .made()
        .forEach(
            (name, text) ->
                list.add(
                    Element.of("dt").text(name),
                    Element.of("dd").add(Element.of("code").text(text))));
    return Optional.of(Look.section("How it was made", "").add(list));
  }

  static Optional<Element> configuration(Map<String, String> configuration) {
    if (configuration.isEmpty()) {
      return Optional.empty();
    }
    Element list = Element.of("dl", "pairs configuration");
    for (Map.Entry<String, String> entry : new TreeMap<>(configuration).entrySet()) {
      list.add(Element.of("dt").add(Element.of("code").text(entry.getKey())))
          .add(
              entry.getValue().isEmpty()
                  ? Element.of("dd", "note").text("not set")
                  : Element.of("dd").add(Element.of("code").text(entry.getValue())));
    }
    return Optional.of(Look.section("Effective configuration", "").add(list));
  }
}
