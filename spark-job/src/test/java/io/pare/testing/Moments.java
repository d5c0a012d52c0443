package io.pare.testing;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the stacks of all threads of this JVM again and again, and counts the moments at which
 * some code was on one of them, and those at which it was on that of one thread.
 */
public final class Moments {
  private static final long PAUSE_MILLIS = 10;

  private final String[] prefixes;
  private final Thread watched;
  private final Thread observer = new Thread(this::observe, "moments");
  private volatile boolean ended;
  private long all;
  private long atWork;
  private long waited;

  /**
   * Starts to look.
   *
   * @param watched the thread that the others work for
   * @param prefixes of the names of methods that are counted, each behind that of its class
   */
  public Moments(Thread watched, String... prefixes) {
    this.watched = watched;
    this.prefixes = prefixes.clone();
    observer.setDaemon(true);
    observer.start();
  }

  private void observe() {
    try {
      while (!ended) {
        Map<Thread, StackTraceElement[]> stacks = Thread.getAllStackTraces();
        all++;
        if (isCounted(stacks.getOrDefault(watched, new StackTraceElement[0]))) {
          waited++;
        }
        if (stacks.values().stream().anyMatch(this::isCounted)) {
          atWork++;
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isCounted(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
        .anyMatch(name -> Arrays.stream(prefixes).anyMatch(name::startsWith));
  }

  /** Ends the looking; the counts are read after it. */
  public void end() throws InterruptedException {
    ended = true;
    observer.join();
  }

  /** Moments seen. */
  public long all() {
    return all;
  }

  /** Those at which some thread was in the code that is counted. */
  public long atWork() {
    return atWork;
  }

  /** Those at which the watched thread was: in it, or waiting for its end. */
  public long waited() {
    return waited;
  }
}
