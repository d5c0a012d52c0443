package io.pare.algorithm.dense;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Cores of this JVM that no task uses: a task that is alone, such as a layer that all later ones
 * wait for, borrows them for the parts of its products. What the parts are never depends on how
 * many are free, so neither does any bit of the result. Thread-safe.
 */
public final class IdleCores {
  private static final ExecutorService HELPERS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "idle core");
            thread.setDaemon(true);
            return thread;
          });

  private static final AtomicInteger BUSY = new AtomicInteger();
  private static volatile int all = 1;

  private IdleCores() {}

  /**
   * Does a task's work, which keeps one slot busy.
   *
   * @param slots tasks that this JVM may run at once, at least 1
   */
  public static <T> T keepingBusy(int slots, Callable<T> work) throws Exception {
    all = slots;
    BUSY.incrementAndGet();
    try {
      return work.call();
    } finally {
      BUSY.decrementAndGet();
    }
  }

  /**
   * Works on every part, in any order, and returns when all are done. Slots that are free now help;
   * without one the caller does everything.
   *
   * @param work on a part, given its number from 0; parts must not depend on each other
   */
  static void forEach(int parts, IntConsumer work) {
    AtomicInteger next = new AtomicInteger();
    Runnable share =
        () -> {
          for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
            work.accept(part);
          }
        };
    List<Future<?>> helpers = new ArrayList<>();
    try {
      while (helpers.size() < parts - 1 && borrowed()) {
        helpers.add(HELPERS.submit(() -> returning(share)));
      }
      share.run();
    } finally {
      next.set(parts);
      await(helpers);
    }
  }

  private static boolean borrowed() {
    return BUSY.getAndUpdate(busy -> busy < all ? busy + 1 : busy) < all;
  }

  private static void returning(Runnable share) {
    try {
      share.run();
    } finally {
      BUSY.decrementAndGet();
    }
  }

  /** Waits in any case: helpers use memory that the caller frees. */
  private static void await(List<Future<?>> helpers) {
    boolean interrupted = false;
    Throwable failure = null;
    for (Future<?> helper : helpers) {
      boolean done = false;
      while (!done) {
        try {
          helper.get();
          done = true;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          failure = e.getCause();
          done = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }
}
