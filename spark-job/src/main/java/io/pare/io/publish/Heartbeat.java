package io.pare.io.publish;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Heartbeat::daemon);

  private Heartbeat(FileContext files, Path file) {
    this.files = files;
    this.file = file;
  }

  static Heartbeat start(FileContext files, Path file, Duration every) {
    Heartbeat heartbeat = new Heartbeat(files, file);
    heartbeat.thread.scheduleWithFixedDelay(
        heartbeat::beat, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    return heartbeat;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "heartbeat of the run");
    thread.setDaemon(true);
    return thread;
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
    thread.shutdownNow();
  }
}
