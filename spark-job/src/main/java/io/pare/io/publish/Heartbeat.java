package io.pare.io.publish;

import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Touches a file again and again, as a sign of life, in a thread of its own. */
final class Heartbeat {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final long UNCHANGED = -1;

  private final FileContext files;
  private final Path file;
  private final Duration every;
  private final Thread thread = new Thread(this::run, "heartbeat of the run");

  private Heartbeat(FileContext files, Path file, Duration every) {
    this.files = files;
    this.file = file;
    this.every = every;
  }

  static Heartbeat start(FileContext files, Path file, Duration every) {
    Heartbeat heartbeat = new Heartbeat(files, file, every);
    heartbeat.thread.setDaemon(true);
    heartbeat.thread.start();
    return heartbeat;
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(every.toMillis());
        beat();
      }
    } catch (InterruptedException e) {
      LOG.debug("stopped", e);
    }
  }

  /**
   * One that fails is told and followed by the next: whether the lock was lost, publishing asks.
   */
  private void beat() {
    try {
      files.setTimes(file, System.currentTimeMillis(), UNCHANGED);
    } catch (IOException | RuntimeException e) {
      LOG.warn("no sign of life could be given at {}: {}", file, e.getMessage());
    }
  }

  void stop() {
    thread.interrupt();
  }
}
