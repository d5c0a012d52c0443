package io.pare.stage.spark;

import io.pare.algorithm.dense.DenseAlgebra;
import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * Does the work of every task that multiplies matrices: with the threads that all tasks use, since
 * another number may sum in another order, and with a name for its failure.
 *
 * @param threads of each native library in a task, at least 1
 */
public record TaskRunner(int threads) implements Serializable {

  /**
   * Does a task's work, or a part of it.
   *
   * @param subject what the work is on, as its error is to tell it
   * @throws TaskFailure when the work fails, unless the error is one that a user can mend
   */
  public <T> T run(String subject, Callable<T> work) {
    DenseAlgebra.useThreads(threads);
    return TaskFailure.named(subject, work);
  }
}
