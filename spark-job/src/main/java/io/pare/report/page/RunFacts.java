package io.pare.report.page;

import io.pare.report.CheckRound;
import io.pare.report.PhaseMemory;
import io.pare.report.RunReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the run was told, what it read and how long it took. */
final class RunFacts {
  private static final int MOST_BAD_IMAGES = 100;

  private RunFacts() {}

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
          Numbers.three(round.predicted()),
          Numbers.three(round.measured()),
          round.passed() ? "kept" : "missed");
    }
    return Optional.of(
        Look.section(
                "Check and back-off",
                "The written network is measured; where it misses the limit, the next round has a milder target.")
            .add(table.element()));
  }

  static Element images(RunReport report) {
    Element section =
        Look.section("Images", "")
            .add(
                Element.of("p")
                    .text(
                        "%s calibration images%s. %s"
                            .formatted(
                                Numbers.count(report.images()),
                                report
                                    .after()
                                    .accuracy()
                                    .map(
                                        a ->
                                            ", %s to validate".formatted(Numbers.count(a.images())))
                                    .orElse(""),
                                bad(report.badImages().size()))));
    if (report.badImages().isEmpty()) {
      return section;
    }
    Element list = Element.of("ul", "names");
    List<String> shown =
        report.badImages().subList(0, Math.min(MOST_BAD_IMAGES, report.badImages().size()));
    shown.forEach(name -> list.add(Element.of("li").add(Element.of("code").text(name))));
    int left = report.badImages().size() - shown.size();
    return section
        .add(list)
        .add(Element.of("p", "note").text(left > 0 ? "and " + left + " more, in report.json" : ""));
  }

  private static String bad(int count) {
    return switch (count) {
      case 0 -> "None was bad.";
      case 1 -> "One was bad and left out:";
      default -> "%s were bad and left out:".formatted(Numbers.count(count));
    };
  }

  static Optional<Element> time(RunReport report) {
    if (report.seconds().isEmpty()) {
      return Optional.empty();
    }
    double whole = report.seconds().values().stream().mapToDouble(s -> s).sum();
    Element rows = Element.of("div", "phases");
    report.seconds().entrySet().stream()
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
    PhaseMemory most = report.memory().values().stream().reduce(PhaseMemory.NONE, PhaseMemory::max);
    return Optional.of(
        Look.section(
                "Time",
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

  static Optional<Element> configuration(RunReport report) {
    if (report.configuration().isEmpty()) {
      return Optional.empty();
    }
    Element list = Element.of("dl", "pairs configuration");
    for (Map.Entry<String, String> entry : new TreeMap<>(report.configuration()).entrySet()) {
      list.add(Element.of("dt").add(Element.of("code").text(entry.getKey())))
          .add(
              entry.getValue().isEmpty()
                  ? Element.of("dd", "note").text("not set")
                  : Element.of("dd").add(Element.of("code").text(entry.getValue())));
    }
    return Optional.of(Look.section("Effective configuration", "").add(list));
  }
}
