package io.pare.run.progress;

import io.pare.stage.spark.RunCounters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the phases of a job, tells of each and keeps its time. Thread-safe. */
public final class Phases {
  private static final Logger LOG = LoggerFactory.getLogger(Phases.class);
  private static final double NANOS = 1e9;

  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final Listener listener;

  /** Hears of the phases of a job, in the thread that runs them. */
  public interface Listener {
    /** A phase begins. */
    default void began(String phase) {}

    /** A phase has ended well. */
    default void ended(String phase) {}
  }

  public Phases() {
    this(new Listener() {});
  }

  public Phases(Listener listener) {
    this.listener = listener;
  }

  /** Runs a phase and gives its result. */
  public <T> T time(String phase, Supplier<T> work) {
    LOG.info("{} ...", phase);
    listener.began(phase);
    long begin = System.nanoTime();
    RunCounters.enter(phase);
    T result;
    try {
      result = work.get();
    } finally {
      RunCounters.leave(phase, (System.nanoTime() - begin) / NANOS);
    }
    double elapsed = (System.nanoTime() - begin) / NANOS;
    synchronized (seconds) {
      seconds.merge(phase, elapsed, Double::sum);
    }
    LOG.info("{} took {} s", phase, String.format(java.util.Locale.ROOT, "%.1f", elapsed));
    listener.ended(phase);
    return result;
  }

  /** Runs a phase without a result. */
  public void run(String phase, Runnable work) {
    time(
        phase,
        () -> {
          work.run();
          return phase;
        });
  }

  /** Wall-clock seconds by phase, in order. */
  public Map<String, Double> seconds() {
    synchronized (seconds) {
      return new LinkedHashMap<>(seconds);
    }
  }
}
