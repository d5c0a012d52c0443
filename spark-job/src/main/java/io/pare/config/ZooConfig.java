package io.pare.config;

import java.util.Map;
import java.util.Optional;

/**
 * How the models of a zoo are worked on.
 *
 * @param atOnce models that are worked on at the same time, at least 1
 * @param attempts at a model whose failure is not one of its input, at least 1
 */
public record ZooConfig(int atOnce, int attempts) {

  /** Checks every range. */
  public ZooConfig {
    Problems problems = new Problems();
    problems.atLeast("zoo-at-once", atOnce, 1);
    problems.atLeast("zoo-attempts", attempts, 1);
    problems.throwIfAny();
  }

  public static Optional<ZooConfig> of(Settings settings) {
    return settings.part(
        () -> new ZooConfig(settings.integer("zoo-at-once"), settings.integer("zoo-attempts")));
  }

  void describe(Map<String, String> effective) {
    effective.put("zoo-at-once", Integer.toString(atOnce));
    effective.put("zoo-attempts", Integer.toString(attempts));
  }
}
