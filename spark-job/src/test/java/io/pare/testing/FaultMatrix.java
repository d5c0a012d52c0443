package io.pare.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The table of faults that were injected, and what held: {@code target/fault-matrix.md}. A test
 * adds its row at its end, so that only what held is in it.
 */
public final class FaultMatrix {
  private static final Path ROWS = Path.of("target", "fault-matrix");
  private static final Path TABLE = Path.of("target", "fault-matrix.md");

  private FaultMatrix() {}

  /**
   * Adds or replaces a row.
   *
   * @param fault what went wrong
   * @param injected how it was made to
   * @param fired proof that it did
   * @param held what was asserted
   */
  public static synchronized void held(String fault, String injected, String fired, String held)
      throws IOException {
    Files.createDirectories(ROWS);
    String row = "| " + String.join(" | ", fault, injected, fired, held) + " |";
    Files.writeString(ROWS.resolve(fault.replaceAll("[^A-Za-z0-9]+", "-")), row);
    List<String> lines;
    try (Stream<Path> rows = Files.list(ROWS)) {
      lines = rows.sorted().map(FaultMatrix::read).toList();
    }
    Files.writeString(
        TABLE,
        "| fault | injected | proof that it fired | what held |\n| --- | --- | --- | --- |\n"
            + String.join("\n", lines)
            + "\n");
  }

  private static String read(Path row) {
    try {
      return Files.readString(row);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
