package io.pare.job;

import java.io.PrintStream;

/** What a network holds, for people. */
final class Inspection {
  private final JobConfig.Network network;

  Inspection(JobConfig.Network network) {
    this.network = network;
  }

  /** Prints the table of layers. */
  @SuppressWarnings("DoNotCallSuggester")
  void print(PrintStream out) {
    throw new UnsupportedOperationException("inspection of " + network.model() + " to " + out);
  }
}
