package io.pare.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How much smaller a quantity of the network has to become.
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
    MACS,
    /** Length of the written file. */
    BYTES,
    /** Time of one image in ONNX Runtime on one thread. */
    LATENCY;

    /** The name in a target's text. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The unit that costs are counted in. */
    String unit() {
      return switch (this) {
        case PARAMS -> "weights";
        case MACS -> "multiply-accumulates";
        case BYTES -> "bytes";
        case LATENCY -> "ns";
      };
    }
  }

  /** A target of a finite factor of at least 1. */
  public Target {
    if (!(factor >= 1) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException(metric.label() + " must be a finite factor of at least 1");
    }
  }

  /** The metric of that name. */
  static Metric metric(String name) {
    return Arrays.stream(Metric.values())
        .filter(candidate -> candidate.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "each part must be METRIC=FACTOR with a metric of "
                        + Arrays.stream(Metric.values())
                            .map(Metric::label)
                            .collect(Collectors.joining(", "))
                        + ", or "
                        + AccuracyLimit.names()
                        + "=LIMIT"));
  }

  @Override
  public String toString() {
    return metric.label() + "=" + factor;
  }
}
