package io.pare.run;

import io.pare.Causes;
import io.pare.InputException;
import io.pare.PlainLine;
import io.pare.stage.spark.TaskFailure;
import java.io.PrintStream;
import java.util.Optional;
import java.util.stream.Stream;

/** How a failed run ends: one framed line at the end of standard error, and an exit code. */
public final class Failure {
  public static final int INTERNAL = 1;
  public static final int USAGE = InputException.Kind.USAGE.exitCode();

  private static final String FRAME = "pare: error: ";

  /** Of what an internal error says, so that its line has at most 300 characters. */
  private static final int LONGEST = 300 - FRAME.length();

  private Failure() {}

  /**
   * Reports what ended a run. An {@link InputException} anywhere among the causes, as Spark wraps
   * it, and a full disk are told in one line; anything else with its stack trace first.
   *
   * @return the exit code
   */
  public static int report(Throwable failure, PrintStream err) {
    if (exitCode(failure) == INTERNAL && FullDisk.message(failure).isEmpty()) {
      failure.printStackTrace(err);
    }
    inputException(failure)
        .ifPresent(input -> input.details().forEach(detail -> printLine(detail, err)));
    printLine(message(failure), err);
    return exitCode(failure);
  }

  /** The exit code of a process that this ended. */
  public static int exitCode(Throwable failure) {
    return inputException(failure).map(input -> input.kind().exitCode()).orElse(INTERNAL);
  }

  /** What the line says, not yet escaped. */
  public static String message(Throwable failure) {
    String message =
        inputException(failure)
            .map(InputException::getMessage)
            .orElseGet(() -> internal(failure, "the stack trace is above"));
    return Causes.of(failure).stream()
        .flatMap(each -> Stream.of(each.getSuppressed()))
        .filter(KeptWork.class::isInstance)
        .findFirst()
        .map(kept -> message + "; " + kept.getMessage())
        .orElse(message);
  }

  /**
   * What is said of an error that no user can mend; of a task, which Spark wraps, what it was at;
   * of a full disk, which it is.
   *
   * @param where its stack trace is, in words
   */
  public static String internal(Throwable failure, String where) {
    return FullDisk.message(failure)
        .orElseGet(() -> PlainLine.first(unexpected(failure, where), LONGEST));
  }

  private static String unexpected(Throwable failure, String where) {
    return Causes.of(failure)
        .first(TaskFailure.class)
        .map(task -> "a task failed at every attempt, " + where + ": " + task.getMessage())
        .orElse("internal error, " + where + ": " + failure);
  }

  /** Prints a message in the frame that every error has. */
  public static void printLine(String message, PrintStream err) {
    err.println(FRAME + PlainLine.of(message));
  }

  private static Optional<InputException> inputException(Throwable failure) {
    return Causes.of(failure).first(InputException.class);
  }
}
