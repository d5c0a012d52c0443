package io.pare.run.zoo;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import io.pare.InputException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A list of models as CSV: the first row names the keys, an empty cell sets nothing. */
final class ModelTable {

  private ModelTable() {}

  /**
   * An entry for each row that is one.
   *
   * @param problems takes what is wrong with the others: no model, or more cells than keys
   * @throws InputException if the text is no CSV, or names a key twice
   */
  static List<ZooEntry> entries(String path, String text, List<String> problems) {
    List<String[]> rows = rows(path, text);
    List<ZooEntry> entries = new ArrayList<>();
    requireDifferent(path, rows.isEmpty() ? new String[0] : rows.get(0));
    for (int row = 1; row < rows.size(); row++) {
      try {
        entries.add(entry(path + " model " + row, rows.get(0), rows.get(row)));
      } catch (InputException e) {
        problems.add(e.getMessage());
      }
    }
    return entries;
  }

  private static void requireDifferent(String path, String[] keys) {
    Set<String> seen = new HashSet<>();
    for (String key : keys) {
      if (!seen.add(key)) {
        throw InputException.usage(path + ": the first row names " + key + " twice");
      }
    }
  }

  private static List<String[]> rows(String path, String text) {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setMaxCharsPerColumn(1 << 16);
    // A comment character is none of CSV's: a name may start with #.
    settings.getFormat().setComment('\0');
    settings.setNullValue("");
    try {
      return new CsvParser(settings).parseAll(new StringReader(text));
    } catch (TextParsingException e) {
      throw InputException.usage(path + " is no CSV: " + e.getMessage().lines().findFirst().get());
    }
  }

  private static ZooEntry entry(String place, String[] keys, String[] cells) {
    if (cells.length > keys.length) {
      throw InputException.usage(
          "%s: %d cells, but the first row names %d keys"
              .formatted(place, cells.length, keys.length));
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int column = 0; column < cells.length; column++) {
      if (!cells[column].isEmpty()) {
        values.put(keys[column], cells[column]);
      }
    }
    return ModelTree.named(place, values, Optional.empty());
  }
}
