package io.pare.stage.spark;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The layers that this process works on, and those whose results the next run can take up. */
public final class KeptLayers {
  private static final Set<String> ALL = ConcurrentHashMap.newKeySet();
  private static final Set<String> KEPT = ConcurrentHashMap.newKeySet();

  private KeptLayers() {}

  /**
   * A layer is to be worked on.
   *
   * @param inputs that tell its run from others
   */
  static void expect(String inputs, String layer) {
    ALL.add(inputs + " " + layer);
  }

  /** Something of a layer is kept. */
  static void keep(String inputs, String layer) {
    if (ALL.contains(inputs + " " + layer)) {
      KEPT.add(inputs + " " + layer);
    }
  }

  /** How many there are, in words. */
  public static String summary() {
    return ALL.isEmpty()
        ? "no layer had been begun"
        : "results of %d of %d layers are kept for the next run".formatted(KEPT.size(), ALL.size());
  }
}
