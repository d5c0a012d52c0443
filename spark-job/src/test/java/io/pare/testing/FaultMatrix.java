package io.pare.testing;

import java.util.List;

/** The table of faults that were injected, and what held: {@code target/fault-matrix.md}. */
public final class FaultMatrix {
  private static final ResultTable TABLE =
      new ResultTable(
          "fault-matrix", List.of("fault", "injected", "proof that it fired", "what held"));

  private FaultMatrix() {}

  /**
   * Adds or replaces a row.
   *
   * @param fault what went wrong
   * @param injected how it was made to
   * @param fired proof that it did
   * @param held what was asserted
   */
  public static synchronized void held(String fault, String injected, String fired, String held) {
    TABLE.put(fault, fault, injected, fired, held);
  }
}
