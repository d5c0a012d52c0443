package io.pare.io.publish;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a sign of life at a lock again and again, in a thread of its own. */
final class Heartbeat {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private static final Duration LAST = Duration.ofSeconds(1);

  private final LockPlace lock;
  private final Duration every;
  private final Thread thread = new Thread(this::run, "heartbeat of the run");
  private boolean stopped;

  private Heartbeat(LockPlace lock, Duration every) {
    this.lock = lock;
    this.every = every;
  }

  static Heartbeat start(LockPlace lock, Duration every) {
    Heartbeat heartbeat = new Heartbeat(lock, every);
    heartbeat.thread.setDaemon(true);
    heartbeat.thread.start();
    return heartbeat;
  }

  private void run() {
    try {
      while (!isStoppedWithin(every)) {
        beat();
      }
    } catch (InterruptedException e) {
      LOG.debug("stopped", e);
    }
  }

  private synchronized boolean isStoppedWithin(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    long left = time.toNanos();
    while (!stopped && left > 0) {
      wait(1 + left / 1_000_000);
      left = end - System.nanoTime();
    }
    return stopped;
  }

  /**
   * One that fails is told and followed by the next: whether the lock was lost, publishing asks.
   */
  private void beat() {
    try {
      lock.beat();
    } catch (IOException | RuntimeException e) {
      LOG.warn("no sign of life could be given: {}", e.getMessage());
    }
  }

  /** Gives no more signs; one that is being given is waited for, for a moment. */
  void stop() {
    synchronized (this) {
      stopped = true;
      notifyAll();
    }
    try {
      thread.join(LAST.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
