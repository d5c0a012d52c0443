package io.pare.report.page;

import io.pare.report.RunReport;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The report as one HTML page: charts are drawn in place, there is no script, and nothing is
 * fetched from anywhere, so that it can be mailed, kept and printed. Pure functions.
 */
public final class ReportPage {
  private ReportPage() {}

  /** The page of a report. */
  public static String of(RunReport report) {
    Element body = Element.of("main").add(Headline.of(report));
    Stream.of(
            RunFacts.warnings(report),
            AccuracySection.of(report),
            SizeChart.of(report),
            RunFacts.rounds(report),
            RecoveryChart.of(report),
            RunFacts.quantization(report),
            LayerRows.of(report),
            KeptLayers.of(report),
            CandidateCharts.of(report),
            SensitivityCharts.of(report),
            SumTable.of(report),
            ConvergenceCharts.of(report),
            Optional.of(RunFacts.images(report)),
            RunFacts.time(report),
            RunFacts.configuration(report))
        .flatMap(Optional::stream)
        .forEach(body::add);
    body.add(
        Element.of("footer")
            .add(Element.of("p").text("All figures of this page are in report.json.")));
    return Page.of(report.model() + ", compressed", body);
  }
}
