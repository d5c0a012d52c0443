package io.pare.config;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a configuration, so that all of it is reported at once. */
final class Problems {
  private final List<String> messages = new ArrayList<>();

  /** What a part of the configuration throws about itself. */
  static final class Found extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> messages;

    private Found(List<String> messages) {
      super("configuration: " + summary(messages));
      this.messages = new ArrayList<>(messages);
    }

    /** Each problem in one line. */
    List<String> messages() {
      return List.copyOf(messages);
    }

    private static String summary(List<String> messages) {
      String count = messages.size() == 1 ? "" : messages.size() + " problems: ";
      return count + String.join("; ", messages);
    }
  }

  void add(String message) {
    messages.add(message);
  }

  /** Refuses a value below {@code least}. */
  void atLeast(String key, long value, long least) {
    if (value < least) {
      add(key + " = " + value + ": must be at least " + least);
    }
  }

  /** Refuses a value outside {@code [low, high]}, and NaN. */
  void within(String key, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      add(key + " = " + value + ": must be from " + low + " to " + high);
    }
  }

  /** Refuses a value outside {@code (low, high]}, and NaN. */
  void aboveAndAtMost(String key, double value, double low, double high) {
    if (!(value > low && value <= high)) {
      add(key + " = " + value + ": must be above " + low + " and at most " + high);
    }
  }

  /**
   * Ends the collection.
   *
   * @throws Found with every problem, if there is any
   */
  void throwIfAny() {
    if (!messages.isEmpty()) {
      throw new Found(messages);
    }
  }
}
