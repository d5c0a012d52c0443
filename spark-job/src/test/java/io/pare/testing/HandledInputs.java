package io.pare.testing;

import java.util.List;

/**
 * The table of inputs that look odd and are no errors, with what becomes of them: {@code
 * target/handled-input.md}.
 */
public final class HandledInputs {
  private static final ResultTable TABLE =
      new ResultTable("handled-input", List.of("input", "what becomes of it", "what the run says"));

  private HandledInputs() {}

  /**
   * Adds or replaces a row.
   *
   * @param input what is odd
   * @param outcome what becomes of it
   * @param said by the report or, where there is none, by the run
   */
  public static synchronized void handled(String input, String outcome, String said) {
    TABLE.put(input, input, outcome, said.isEmpty() ? "-" : said);
  }
}
