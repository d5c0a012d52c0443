package io.pare.algorithm.quantization;

import java.io.Serializable;

/**
 * The values from one to another, both included.
 *
 * @param low finite, at most {@code high}
 * @param high finite
 */
public record ValueRange(float low, float high) implements Serializable {

  public ValueRange {
    if (!Float.isFinite(low) || !Float.isFinite(high) || low > high) {
      throw new IllegalArgumentException(
          "values from " + low + " to " + high + " are no range of finite numbers");
    }
  }

  /** The least range that holds both. */
  public ValueRange union(ValueRange other) {
    return new ValueRange(Math.min(low, other.low), Math.max(high, other.high));
  }

  /** The least range that holds this one and zero, which padding writes and codes must hit. */
  public ValueRange withZero() {
    return new ValueRange(Math.min(low, 0), Math.max(high, 0));
  }

  /** {@code high - low}, in double precision. */
  public double width() {
    return (double) high - low;
  }
}
