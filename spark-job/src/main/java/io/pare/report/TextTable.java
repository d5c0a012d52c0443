package io.pare.report;

import io.pare.PlainLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A table for a terminal, its columns as wide as they need to be, its cells plain lines. Not
 * thread-safe.
 */
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final Set<Integer> numbers;

  /**
   * A table with one row, its header.
   *
   * @param numbers columns that are aligned to the right
   */
  public TextTable(List<String> header, Set<Integer> numbers) {
    this.numbers = numbers;
    rows.add(header);
  }

  public void add(List<String> cells) {
    rows.add(cells.stream().map(PlainLine::of).toList());
  }

  /** The lines, the header first. */
  public List<String> lines() {
    int[] widths =
        IntStream.range(0, rows.get(0).size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(widths[column] - cell.length());
      line.append(numbers.contains(column) ? padding + cell : cell + padding).append("  ");
    }
    return line.toString().stripTrailing();
  }
}
