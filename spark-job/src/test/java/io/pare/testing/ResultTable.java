package io.pare.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table in {@code target} that tests of several JVMs, one after the other, write row by row. A
 * test writes its row once all has held, so that only what held is in it.
 *
 * @param name of the file, without its suffix
 * @param head names of the columns
 */
record ResultTable(String name, List<String> head) {
  private static final Path TARGET = Path.of("target");

  /** Adds or replaces the row with this key. */
  void put(String key, String... cells) {
    try {
      Path rows = Files.createDirectories(TARGET.resolve(name));
      Files.writeString(rows.resolve(fileName(key)), row(List.of(cells)));
      List<Path> files;
      try (Stream<Path> listed = Files.list(rows)) {
        files = listed.sorted().toList();
      }
      StringBuilder table = new StringBuilder(row(head));
      table.append(row(head.stream().map(column -> "---").toList()));
      for (Path file : files) {
        table.append(Files.readString(file));
      }
      Files.writeString(TARGET.resolve(name + ".md"), table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String fileName(String key) {
    String words = key.replaceAll("[^A-Za-z0-9]+", "-");
    return words.substring(0, Math.min(words.length(), 100))
        + "-"
        + HexFormat.of().toHexDigits(key.hashCode());
  }

  private static String row(List<String> cells) {
    return cells.stream().map(ResultTable::cell).collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String cell(String text) {
    return Arrays.stream(text.split("[\\r\\n]+"))
        .collect(Collectors.joining(" "))
        .replace("|", "\\|");
  }
}
