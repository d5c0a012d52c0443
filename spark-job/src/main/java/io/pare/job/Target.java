package io.pare.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a compression has to reach.
 *
 * @param metric the quantity that shrinks
 * @param factor how many times smaller it becomes, at least 1 and finite
 */
public record Target(Metric metric, double factor) {

  /** A quantity of a network that a target can name. */
  public enum Metric {
    /** Weights of all layers. */
    PARAMS,
    /** Multiply-accumulate operations of one image. */
    MACS;

    /** The name in a target's text. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A target of a finite factor of at least 1. */
  public Target {
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("the factor must be a finite number of at least 1");
    }
  }

  /**
   * Reads {@code METRIC=FACTOR}, such as {@code params=1.5}.
   *
   * @throws IllegalArgumentException with the reason, if the text is no target
   */
  public static Target parse(String text) {
    String[] parts = text.split("=", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("must be one METRIC=FACTOR, such as params=2.0");
    }
    String name = parts[0].strip();
    Metric metric =
        Arrays.stream(Metric.values())
            .filter(candidate -> candidate.label().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the metric must be one of "
                            + Arrays.stream(Metric.values())
                                .map(Metric::label)
                                .collect(Collectors.joining(", "))));
    try {
      return new Target(metric, Double.parseDouble(parts[1].strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the factor must be a number", e);
    }
  }

  @Override
  public String toString() {
    return metric.label() + "=" + factor;
  }
}
