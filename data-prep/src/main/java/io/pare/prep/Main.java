package io.pare.prep;

import io.pare.FullDiskException;
import io.pare.InputException;
import io.pare.PlainLine;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The entry of data preparation, run by spark-submit.
 *
 * <p>Exit codes: 0 done, 1 internal error, 2 wrong options, 3 invalid data set.
 */
@Command(
    name = "pare-prep",
    mixinStandardHelpOptions = true,
    subcommands = PackCommand.class,
    description = "Prepares images for Pare.")
public final class Main {
  private static final int DEEPEST_CAUSE = 100;
  private static final String FRAME = "pare-prep: error: ";
  private static final int LONGEST = 300 - FRAME.length();
  private static final String TEMPORARY = System.getProperty("java.io.tmpdir");

  private Main() {}

  /** Runs one command. */
  public static void main(String[] args) {
    int code = run(args, System.out, System.err);
    if (code != 0) {
      System.exit(code);
    }
    // A successful run returns: YARN in cluster mode reports System.exit(0) as a failure.
  }

  /**
   * Runs one command with streams of the caller's.
   *
   * @return the exit code
   */
  static int run(String[] args, PrintStream out, PrintStream err) {
    CommandLine commandLine =
        new CommandLine(new Main())
            .setExpandAtFiles(false)
            .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
            .setParameterExceptionHandler(
                (e, unused) -> {
                  String name = e.getCommandLine().getCommandSpec().qualifiedName();
                  printLine(e.getMessage() + "; see " + name + " --help", err);
                  return InputException.Kind.USAGE.exitCode();
                })
            .setExecutionExceptionHandler((e, command, parsed) -> report(e, err));
    if (args.length == 0) {
      commandLine.usage(err);
      return InputException.Kind.USAGE.exitCode();
    }
    try {
      return commandLine.execute(args);
    } catch (Throwable e) { // an Error passes by the handler of exceptions
      return report(e, err);
    }
  }

  private static int report(Throwable failure, PrintStream err) {
    Optional<InputException> input = cause(failure, InputException.class);
    if (input.isPresent()) {
      printLine(input.get().getMessage(), err);
      return input.get().kind().exitCode();
    }
    Optional<String> full = FullDiskException.reason(failure);
    if (full.isPresent()) {
      String local =
          "no space is left on a local disk (spark.local.dir, " + TEMPORARY + "): " + full.get();
      printLine(
          cause(failure, FullDiskException.class).map(Throwable::getMessage).orElse(local), err);
    } else {
      failure.printStackTrace(err);
      String said = "internal error, the stack trace is above: " + failure;
      printLine(PlainLine.first(said, LONGEST), err);
    }
    return 1;
  }

  private static <E extends Throwable> Optional<E> cause(Throwable failure, Class<E> type) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(DEEPEST_CAUSE)
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }

  /** Names of files are data: they must not break the line or reach the terminal as commands. */
  private static void printLine(String message, PrintStream err) {
    err.println(FRAME + PlainLine.of(message));
  }
}
