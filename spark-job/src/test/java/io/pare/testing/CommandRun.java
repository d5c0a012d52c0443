package io.pare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Commands in this process, from the command line to the exit code. */
public final class CommandRun {
  private static final String FRAME = "pare: error: ";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Runs a command with options by their keys; gives the exit code. */
  public int run(String command, Map<String, String> keys) {
    return run(command, List.of(), keys);
  }

  /** Runs a command with arguments and options by their keys; gives the exit code. */
  public int run(String command, List<String> positional, Map<String, String> keys) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(positional);
    keys.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
    return Main.run(
        arguments.toArray(String[]::new),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  /** All that was printed. */
  public String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** All that was printed of errors. */
  public String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** The one line of error. */
  public String line() {
    List<String> lines = errors().lines().toList();
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).startsWith(FRAME);
    return lines.get(0);
  }
}
