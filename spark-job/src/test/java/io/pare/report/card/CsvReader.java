package io.pare.report.card;

import java.util.ArrayList;
import java.util.List;

/** Reads tables back. */
final class CsvReader {
  private CsvReader() {}

  /** Reads comma-separated values as RFC 4180 has them. */
  static List<List<String>> rows(String csv) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int k = 0; k < csv.length(); k++) {
      char c = csv.charAt(k);
      if (quoted && c == '"' && csv.startsWith("\"\"", k)) {
        cell.append(csv.charAt(++k));
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || csv.startsWith("\r\n", k))) {
        row.add(cell.toString());
        cell.setLength(0);
        if (c != ',') {
          rows.add(List.copyOf(row));
          row.clear();
          k++;
        }
      } else {
        cell.append(c);
      }
    }
    return rows;
  }
}
