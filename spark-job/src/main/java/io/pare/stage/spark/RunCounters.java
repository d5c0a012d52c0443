package io.pare.stage.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What this process has done so far, for those who watch it: one set for each JVM, since Spark
 * makes tasks and plugins without an object in common. Tasks that are tried again count again, so
 * no result may depend on it. Thread-safe.
 */
public final class RunCounters {
  /** Phases of a run, in order; those of several networks may run at the same time. */
  private static final List<String> PHASES =
      List.of(
          "read",
          "validate",
          "start Spark",
          "load libraries",
          "list images",
          "estimate",
          "measure original",
          "prepare images",
          "draw samples",
          "check values",
          "resume",
          "gather",
          "solve",
          "sensitivity",
          "time layers",
          "plan",
          "refit",
          "recover",
          "quantize",
          "evaluate",
          "time networks",
          "publish");

  public static final LongAdder IMAGES_READ = new LongAdder();
  public static final LongAdder IMAGES_BAD = new LongAdder();
  public static final LongAdder LAYERS_SOLVED = new LongAdder();

  private static final Map<String, LongAdder> IN_PHASE = phases(LongAdder::new);
  private static final Map<String, DoubleAdder> SECONDS = phases(DoubleAdder::new);

  private RunCounters() {}

  private static <T> Map<String, T> phases(Supplier<T> nothing) {
    return PHASES.stream()
        .collect(Collectors.toUnmodifiableMap(phase -> phase, p -> nothing.get()));
  }

  /**
   * A network enters a phase.
   *
   * @throws IllegalArgumentException when the phase has no place in the order of all of them
   */
  public static void enter(String phase) {
    if (!PHASES.contains(phase)) {
      throw new IllegalArgumentException(phase + " is none of the phases " + PHASES);
    }
    IN_PHASE.get(phase).increment();
  }

  /**
   * A network leaves a phase.
   *
   * @param seconds that it was in it
   */
  public static void leave(String phase, double seconds) {
    IN_PHASE.get(phase).decrement();
    SECONDS.get(phase).add(seconds);
  }

  /** The phases that some network is in. */
  public static List<String> phasesNow() {
    return PHASES.stream().filter(phase -> IN_PHASE.get(phase).sum() > 0).toList();
  }

  /** Networks in each phase, by the phase's name with underscores. */
  public static Map<String, LongAdder> inPhase() {
    return named(IN_PHASE);
  }

  /** Seconds that networks have been in each phase, those that are in it now not counted. */
  public static Map<String, DoubleAdder> secondsOfPhase() {
    return named(SECONDS);
  }

  private static <T> Map<String, T> named(Map<String, T> phases) {
    Map<String, T> named = new LinkedHashMap<>();
    phases.forEach((phase, counted) -> named.put(phase.replace(' ', '_'), counted));
    return named;
  }
}
