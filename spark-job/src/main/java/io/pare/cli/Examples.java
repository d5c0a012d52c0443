package io.pare.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** Examples at the end of a command's help. */
final class Examples {
  private Examples() {}

  /** Adds examples, each a line that works as it stands once the names in it are one's own. */
  static void addTo(CommandSpec command, String... examples) {
    List<String> footer = new ArrayList<>(List.of("", "Examples:"));
    for (String example : examples) {
      footer.add("  " + example.replace("%", "%%").replace("\n", "%n  "));
    }
    command.usageMessage().footer(footer.toArray(String[]::new));
  }
}
