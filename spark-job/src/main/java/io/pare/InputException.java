package io.pare;

import java.util.ArrayList;
import java.util.List;

/**
 * An error that the user can mend: a wrong option, an invalid network, an unreadable data set.
 *
 * <p>The message names what is wrong, where, its value, the limit it breaks and the remedy. It is
 * shown in one framed line without a stack trace, and {@link #kind()} decides the exit code.
 */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What was wrong, and with it the exit code of the process. */
  public enum Kind {
    /** Options or configuration: exit code 2. */
    USAGE(2),
    /** A network or a data set: exit code 3. */
    DATA(3),
    /** A network that has nothing to compress: exit code 3. */
    NOTHING(3),
    /** A quality gate that the result did not pass: exit code 4. */
    QUALITY(4),
    /** Some of several models, while the others have a result: exit code 5. */
    PARTIAL(5);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /** The exit code of a process that ends with an error of this kind. */
    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;
  private final ArrayList<String> details;

  private InputException(Kind kind, String message) {
    this(kind, message, List.of());
  }

  private InputException(Kind kind, String message, List<String> details) {
    super(message);
    this.kind = kind;
    this.details = new ArrayList<>(details);
  }

  /** An error in options or configuration. */
  public static InputException usage(String message) {
    return new InputException(Kind.USAGE, message);
  }

  /**
   * Errors in options or configuration, too many for one line.
   *
   * @param message that sums them up
   * @param details each in a line
   */
  public static InputException usage(String message, List<String> details) {
    return new InputException(Kind.USAGE, message, details);
  }

  /** A network that has nothing to compress. */
  public static InputException nothing(String message) {
    return new InputException(Kind.NOTHING, message);
  }

  /** An error in a network or a data set. */
  public static InputException data(String message) {
    return new InputException(Kind.DATA, message);
  }

  /** A result that misses a limit the user set. */
  public static InputException quality(String message) {
    return new InputException(Kind.QUALITY, message);
  }

  /** Some models of a zoo have no result. */
  public static InputException partial(String message) {
    return new InputException(Kind.PARTIAL, message);
  }

  /** What was wrong. */
  public Kind kind() {
    return kind;
  }

  /** What there is to say before the message, each in a line. */
  public List<String> details() {
    return List.copyOf(details);
  }
}
