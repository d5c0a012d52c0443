package io.pare.stage.spark;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.IdleCores;
import java.io.Serializable;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Does the work of every task that multiplies matrices: with the threads that all tasks use, since
 * another number may sum in another order, with the slots that are idle meanwhile, and with a name
 * for its failure.
 *
 * @param threads of each native library in a task, at least 1
 * @param slots tasks that a JVM runs at once, as far as that is known, at least 1
 */
public record TaskRunner(int threads, int slots) implements Serializable {

  /**
   * For the tasks of an application. The cores of an executor are known to local masters, and where
   * {@code spark.executor.cores} tells them; elsewhere they may belong to others.
   */
  public static TaskRunner of(JavaSparkContext spark, int threads) {
    int cores =
        spark.isLocal()
            ? Math.min(spark.defaultParallelism(), Runtime.getRuntime().availableProcessors())
            : spark.getConf().getInt("spark.executor.cores", 1);
    return new TaskRunner(threads, Math.max(1, cores / threads));
  }

  /**
   * Does a task's work, or a part of it.
   *
   * @param subject what the work is on, as its error is to tell it
   * @throws TaskFailure when the work fails, unless the error is one that a user can mend
   */
  public <T> T run(String subject, Callable<T> work) {
    DenseAlgebra.useThreads(threads);
    return TaskFailure.named(subject, () -> IdleCores.keepingBusy(slots, work));
  }
}
