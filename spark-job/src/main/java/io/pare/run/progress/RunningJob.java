package io.pare.run.progress;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A Spark job and how many tasks of the stages that have begun are done. Not thread-safe. */
final class RunningJob {
  private static final int LONGEST_NAME = 40;
  private static final double NANOS = 1e9;

  private final String name;
  private final long begin;

  /** When the tasks that run began, by their numbers. */
  final Map<Long, Long> begins = new TreeMap<>();

  int tasks;
  int done;

  RunningJob(String name, long begin) {
    // A description may hold names from a model.
    String plain = name.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    this.name =
        plain.length() <= LONGEST_NAME ? plain : plain.substring(0, LONGEST_NAME - 3) + "...";
    this.begin = begin;
  }

  /**
   * Counts and remaining time, as if each task took as long as those before; before the first is
   * done, how long the oldest has run.
   */
  String line(long now) {
    double seconds = (now - begin) / NANOS;
    String counts = "%s: %d of %d tasks".formatted(name, done, tasks);
    if (done > 0 && done < tasks && seconds > 0) {
      return String.format(Locale.ROOT, "%s, %.0f s left", counts, seconds / done * (tasks - done));
    }
    long oldest = begins.values().stream().mapToLong(Long::longValue).min().orElse(begin);
    return String.format(Locale.ROOT, "%s, %.0f s so far", counts, (now - oldest) / NANOS);
  }
}
