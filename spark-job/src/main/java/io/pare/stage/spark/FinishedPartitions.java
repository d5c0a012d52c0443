package io.pare.stage.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.slf4j.MDC;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Runs some partitions and hands each over as soon as it is finished, so that it can be kept though
 * the others never are. A collect would give all of them at the end or none.
 */
public final class FinishedPartitions {
  private static final long LONGEST_SECONDS = 600;

  private FinishedPartitions() {}

  /**
   * Runs partitions.
   *
   * @param partitions to run; the others are left alone
   * @param finished takes the number of a partition and what it holds, once each and one at a time,
   *     in a thread of its own
   */
  public static <T> void run(
      JavaRDD<T> rdd, List<Integer> partitions, BiConsumer<Integer, List<T>> finished) {
    if (partitions.isEmpty()) {
      return;
    }
    // Spark hands results over in the thread that schedules all tasks: it must not wait for files.
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Optional.ofNullable(MDC.getCopyOfContextMap())
        .ifPresent(context -> thread.execute(() -> MDC.setContextMap(context)));
    HandOver<T> handOver = new HandOver<>(partitions, finished, thread);
    try {
      rdd.context()
          .runJob(
              rdd.rdd(),
              new ListPartition<>(),
              CollectionConverters.asScala(new ArrayList<Object>(partitions)).toSeq(),
              handOver,
              ClassTag$.MODULE$.apply(List.class));
    } finally {
      await(thread);
    }
    handOver.requireAll();
  }

  private static void await(ExecutorService thread) {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "finished parts were not taken within " + LONGEST_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static final class HandOver<T> extends AbstractFunction2<Object, List<T>, BoxedUnit> {
    private final List<Integer> partitions;
    private final BiConsumer<Integer, List<T>> finished;
    private final ExecutorService thread;
    private final List<Integer> taken = new ArrayList<>();

    HandOver(
        List<Integer> partitions, BiConsumer<Integer, List<T>> finished, ExecutorService thread) {
      this.partitions = partitions;
      this.finished = finished;
      this.thread = thread;
    }

    @Override
    public BoxedUnit apply(Object place, List<T> result) {
      int partition = partitions.get((Integer) place);
      thread.execute(
          () -> {
            finished.accept(partition, result);
            taken.add(partition);
          });
      return BoxedUnit.UNIT;
    }

    /** Read after the thread has ended. */
    void requireAll() {
      if (taken.size() != partitions.size()) {
        throw new IllegalStateException(
            taken.size() + " of " + partitions.size() + " finished parts could be taken");
      }
    }
  }

  private static final class ListPartition<T>
      extends AbstractFunction2<TaskContext, Iterator<T>, List<T>> implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public List<T> apply(TaskContext context, Iterator<T> items) {
      List<T> list = new ArrayList<>();
      while (items.hasNext()) {
        list.add(items.next());
      }
      return list;
    }
  }
}
