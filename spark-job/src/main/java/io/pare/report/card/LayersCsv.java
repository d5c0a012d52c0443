package io.pare.report.card;

import io.pare.PlainLine;
import io.pare.report.RunReport;
import io.pare.report.layer.LayerResult;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The layers as a table for spreadsheets: comma-separated values after RFC 4180, with a line of
 * headings. A text that a spreadsheet would take for a formula is preceded by an apostrophe. Pure
 * functions.
 */
public final class LayersCsv {
  private static final List<String> HEADINGS =
      List.of(
          "layer",
          "operator",
          "shape",
          "groups",
          "activation",
          "structure",
          "weights_before",
          "weights_after",
          "weights_sparse",
          "macs_before",
          "macs_after",
          "error_expected",
          "error",
          "divergence",
          "remark");

  private LayersCsv() {}

  /** The table of a report. */
  public static String of(RunReport report) {
    StringBuilder csv = new StringBuilder(String.join(",", HEADINGS)).append("\r\n");
    for (LayerResult layer : report.layers()) {
      csv.append(row(layer)).append("\r\n");
    }
    return csv.toString();
  }

  private static String row(LayerResult layer) {
    return List.of(
            text(layer.name()),
            text(layer.operator()),
            text(layer.shape()),
            Integer.toString(layer.groups()),
            text(layer.activation()),
            text(layer.structure()),
            Long.toString(layer.weightsBefore()),
            Long.toString(layer.weightsAfter()),
            Long.toString(layer.sparseAfter()),
            Long.toString(layer.macsBefore()),
            Long.toString(layer.macsAfter()),
            Double.toString(layer.expectedError()),
            Double.toString(layer.error()),
            Double.toString(layer.divergence()),
            text(layer.reason()))
        .stream()
        .collect(Collectors.joining(","));
  }

  private static String text(String text) {
    String line = PlainLine.of(text);
    String harmless = text.matches("(?s)[\\s\\p{Cntrl}]*[=+\\-@|%].*") ? "'" + line : line;
    return harmless.matches("[^\",\\p{Cntrl}]*")
        ? harmless
        : "\"" + harmless.replace("\"", "\"\"") + "\"";
  }
}
