package io.pare.report.page;

import io.pare.report.RunReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The report as one HTML page: charts are drawn in place, there is no script, and nothing is
 * fetched from anywhere, so that it can be mailed, kept and printed. Pure functions.
 */
public final class ReportPage {
  private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

  private ReportPage() {}

  /** The page of a report. */
  public static String of(RunReport report) {
    Element body = Element.of("main").add(Headline.of(report));
    Stream.of(
            AccuracySection.of(report),
            SizeChart.of(report),
            RunFacts.rounds(report),
            LayerRows.of(report),
            KeptLayers.of(report),
            CandidateCharts.of(report),
            SensitivityCharts.of(report),
            ConvergenceCharts.of(report),
            Optional.of(RunFacts.images(report)),
            RunFacts.time(report),
            RunFacts.configuration(report))
        .flatMap(Optional::stream)
        .forEach(body::add);
    body.add(
        Element.of("footer")
            .add(Element.of("p").text("All figures of this page are in report.json.")));
    return "<!DOCTYPE html>\n"
        + Element.of("html").with("lang", "en").add(head(report), Element.of("body").add(body))
        + "\n";
  }

  private static Element head(RunReport report) {
    return Element.of("head")
        .add(Element.of("meta").with("charset", "utf-8"))
        .add(
            Element.of("meta")
                .with("http-equiv", "Content-Security-Policy")
                .with("content", POLICY))
        .add(
            Element.of("meta")
                .with("name", "viewport")
                .with("content", "width=device-width, initial-scale=1"))
        .add(Element.of("meta").with("name", "color-scheme").with("content", "light dark"))
        .add(Element.of("title").text(report.model() + ", compressed"))
        .add(Element.style(styleSheet()));
  }

  private static String styleSheet() {
    try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the style sheet cannot be read from the jar", e);
    }
  }
}
