package io.pare.stage.spark;

import io.pare.InputException;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The error of a task, told by what the task was at: Spark itself knows its number only. */
public final class TaskFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private TaskFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Does a task's work, or a part of it.
   *
   * @param subject what the work is on, as the error is to tell it
   * @throws TaskFailure when the work fails, unless the error is one that a user can mend
   */
  public static <T> T named(String subject, Callable<T> work) {
    try {
      return work.call();
    } catch (InputException | TaskFailure e) {
      throw e;
    } catch (Exception e) {
      String reason = Optional.ofNullable(e.getMessage()).orElse(e.toString());
      throw new TaskFailure(subject + ": " + reason, e);
    }
  }
}
