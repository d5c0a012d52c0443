package io.pare.testing;

import java.util.List;

/** The table of runs that signals ended: {@code target/signals.md}. */
public final class SignalTable {
  private static final ResultTable TABLE =
      new ResultTable(
          "signals", List.of("run", "signal", "after", "at work on", "exit code", "last line"));

  private SignalTable() {}

  /**
   * Adds or replaces a row.
   *
   * @param run number of the run
   * @param signal its name
   * @param millis from the first line of the run's log to the signal
   * @param work what the log had said last
   * @param exitCode of the process
   * @param line that it printed last
   */
  public static synchronized void ended(
      int run, String signal, long millis, String work, int exitCode, String line) {
    String number = "%03d".formatted(run);
    TABLE.put(number, number, "SIG" + signal, millis + " ms", work, exitCode + "", line);
  }
}
