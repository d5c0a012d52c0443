package io.pare.stage.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

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
          "measure original",
          "prepare images",
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

  private static final Map<String, LongAdder> IN_PHASE = phases();

  private RunCounters() {}

  private static Map<String, LongAdder> phases() {
    Map<String, LongAdder> phases = new LinkedHashMap<>();
    PHASES.forEach(phase -> phases.put(phase, new LongAdder()));
    return Map.copyOf(phases);
  }

  /** A network enters a phase. */
  public static void enter(String phase) {
    IN_PHASE.getOrDefault(phase, new LongAdder()).increment();
  }

  /** A network leaves a phase. */
  public static void leave(String phase) {
    IN_PHASE.getOrDefault(phase, new LongAdder()).decrement();
  }

  /** The phases that some network is in. */
  public static List<String> phasesNow() {
    return PHASES.stream().filter(phase -> IN_PHASE.get(phase).sum() > 0).toList();
  }

  /** Networks in each phase, by the phase's name with underscores. */
  public static Map<String, LongAdder> inPhase() {
    Map<String, LongAdder> named = new LinkedHashMap<>();
    IN_PHASE.forEach((phase, networks) -> named.put(phase.replace(' ', '_'), networks));
    return named;
  }
}
