package io.pare.report.card;

import io.pare.PlainLine;
import java.util.List;

/**
 * Tables for spreadsheets: comma-separated values after RFC 4180, with a line of headings. Pure
 * functions.
 */
final class Csv {
  private Csv() {}

  /** A table of cells that are ready to be written. */
  static String of(List<String> headings, List<List<String>> rows) {
    StringBuilder csv = new StringBuilder(String.join(",", headings)).append("\r\n");
    rows.forEach(row -> csv.append(String.join(",", row)).append("\r\n"));
    return csv.toString();
  }

  /** A cell. A text that a spreadsheet would take for a formula is preceded by an apostrophe. */
  static String text(String text) {
    String line = PlainLine.of(text);
    String harmless = text.matches("(?s)[\\s\\p{Cntrl}]*[=+\\-@|%].*") ? "'" + line : line;
    return harmless.matches("[^\",\\p{Cntrl}]*")
        ? harmless
        : "\"" + harmless.replace("\"", "\"\"") + "\"";
  }
}
