package io.pare.report.page;

import io.pare.report.RunReport;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The report as one HTML page: charts are drawn in place, there is no script, and nothing is
 * fetched from anywhere, so that it can be mailed, kept and printed. Pure functions.
 */
public final class ReportPage {
  private ReportPage() {}

  /**
   * A part of the page.
   *
   * @param name in the contents
   * @param folded whether only its name is shown until somebody asks for more
   */
  private record Part(String name, Optional<Element> section, boolean folded) {

    static Part open(String name, Optional<Element> section) {
      return new Part(name, section, false);
    }

    static Part folded(String name, Optional<Element> section) {
      return new Part(name, section, true);
    }

    String id() {
      return name.toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    Element element() {
      Element content = section.orElseThrow();
      return folded
          ? Element.of("details", "fold")
              .with("id", id())
              .add(Element.of("summary").text(name), content)
          : content.with("id", id());
    }
  }

  /** The page of a report. */
  public static String of(RunReport report) {
    List<Part> parts =
        Stream.of(
                Part.open("Warnings", RunFacts.warnings(report.warnings())),
                Part.open("Accuracy", AccuracySection.of(report)),
                Part.open("Size", SizeChart.of(report)),
                Part.folded("Check", RunFacts.rounds(report)),
                Part.folded("Recovery", RecoveryChart.of(report)),
                Part.folded("Eight bits", RunFacts.quantization(report)),
                Part.open("Layers", LayerRows.of(report)),
                Part.folded("Layers kept", KeptLayers.of(report)),
                Part.folded("Candidates", CandidateCharts.of(report)),
                Part.folded("Sensitivity", SensitivityCharts.of(report)),
                Part.folded("Sums", SumTable.of(report)),
                Part.folded("Convergence", ConvergenceCharts.of(report)),
                Part.folded("Images", Optional.of(RunFacts.images(report))),
                Part.folded("Time", RunFacts.time(report)),
                Part.folded("Made", RunFacts.made(report)),
                Part.folded("Configuration", RunFacts.configuration(report.configuration())))
            .filter(part -> part.section().isPresent())
            .toList();
    Element body = Element.of("main").add(Headline.of(report)).add(contents(parts));
    parts.forEach(part -> body.add(part.element()));
    body.add(
        Element.of("footer")
            .add(Element.of("p").text("All figures of this page are in report.json.")));
    return Page.of(report.model() + ", compressed", body);
  }

  private static Element contents(List<Part> parts) {
    Element contents = Element.of("nav", "contents").with("aria-label", "Contents");
    for (Part part : parts) {
      contents.add(Element.of("a").with("href", "#" + part.id()).text(part.name()));
    }
    return contents;
  }
}
