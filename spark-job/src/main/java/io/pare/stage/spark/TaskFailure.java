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
   * @throws InputException likewise, also where the heap does not hold the work: Spark would end
   *     the JVM for it, in local mode with all other networks of a zoo
   */
  public static <T> T named(String subject, Callable<T> work) {
    try {
      return work.call();
    } catch (InputException | TaskFailure e) {
      throw e;
    } catch (OutOfMemoryError e) {
      throw InputException.data(
          "%s: the heap of %d MB does not hold it: give more memory (--executor-memory; with a local master --driver-memory), fewer --samples-per-column, or keep the layer (--layers 'keep@NAME')"
              .formatted(subject, Runtime.getRuntime().maxMemory() >> 20));
    } catch (Exception e) {
      String reason = Optional.ofNullable(e.getMessage()).orElse(e.toString());
      throw new TaskFailure(subject + ": " + reason, e);
    }
  }
}
