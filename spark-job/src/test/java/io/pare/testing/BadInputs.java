package io.pare.testing;

import io.pare.InputException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.TestInfo;

/** The table of bad inputs with what a user reads of each: {@code target/bad-input.md}. */
public final class BadInputs {
  private static final ResultTable TABLE =
      new ResultTable("bad-input", List.of("input", "case", "message", "exit code"));

  private BadInputs() {}

  /**
   * Adds or replaces a row.
   *
   * @param input kind of what is bad
   * @param bad what is wrong with it
   * @param message that the user reads
   * @param outcome exit code, or what else becomes of it
   */
  public static synchronized void refused(
      String input, String bad, String message, String outcome) {
    TABLE.put(input + " " + bad, input, bad, message, outcome);
  }

  /** Writes a row for an error and hands it back. */
  public static InputException refused(String input, String bad, InputException error) {
    refused(input, bad, error.getMessage(), Integer.toString(error.kind().exitCode()));
    return error;
  }

  /** The name of a test as words. */
  public static String words(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName();
    return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }
}
