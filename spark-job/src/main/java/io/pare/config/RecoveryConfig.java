package io.pare.config;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether the compressed network learns the original's outputs again, without labels.
 *
 * @param on whether it does
 * @param steps how many, at least 1; empty: as many as the number of images suggests
 */
public record RecoveryConfig(boolean on, OptionalInt steps) {
  private static final String STEPS = "steps=";

  static Optional<RecoveryConfig> of(Settings settings) {
    return settings.part(() -> settings.parsed("recover", RecoveryConfig::parse));
  }

  private static RecoveryConfig parse(String text) {
    if (text.equals("no")) {
      return new RecoveryConfig(false, OptionalInt.empty());
    }
    if (text.equals("auto")) {
      return new RecoveryConfig(true, OptionalInt.empty());
    }
    try {
      int steps = text.startsWith(STEPS) ? Integer.parseInt(text.substring(STEPS.length())) : 0;
      if (steps >= 1) {
        return new RecoveryConfig(true, OptionalInt.of(steps));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be no, auto or steps=N with N at least 1", e);
    }
    throw new IllegalArgumentException("must be no, auto or steps=N with N at least 1");
  }

  void describe(Map<String, String> effective) {
    effective.put("recover", toString());
  }

  @Override
  public String toString() {
    return !on ? "no" : steps.isPresent() ? STEPS + steps.getAsInt() : "auto";
  }
}
