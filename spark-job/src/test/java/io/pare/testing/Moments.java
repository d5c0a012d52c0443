package io.pare.testing;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the stacks of all threads of this JVM again and again, and counts the moments at which
 * some code was on one of them.
 */
public final class Moments {
  private static final long PAUSE_MILLIS = 10;

  private final String[] prefixes;
  private final Thread observer = new Thread(this::observe, "moments");
  private volatile boolean ended;
  private long all;
  private long atWork;

  /**
   * Starts to look.
   *
   * @param prefixes of the names of classes that are counted
   */
  public Moments(String... prefixes) {
    this.prefixes = prefixes.clone();
    observer.setDaemon(true);
    observer.start();
  }

  private void observe() {
    try {
      while (!ended) {
        all++;
        if (Thread.getAllStackTraces().values().stream().anyMatch(this::isCounted)) {
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
        .map(StackTraceElement::getClassName)
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
}
