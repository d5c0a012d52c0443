package io.pare.algorithm.statistics;

import java.io.Serializable;

/**
 * The nonlinearity r that follows a layer, as a clamp to {@code [low, high]}: ReLU is {@code [0,
 * infinity]}, ReLU6 {@code [0, 6]}, the identity has no bounds.
 *
 * @param low least output, possibly minus infinity
 * @param high greatest output, possibly infinity, above {@code low}
 */
public record Activation(double low, double high) implements Serializable {
  /** No nonlinearity. */
  public static final Activation IDENTITY =
      new Activation(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** {@code max(0, y)}. */
  public static final Activation RELU = new Activation(0, Double.POSITIVE_INFINITY);

  public Activation {
    if (!(low < high)) {
      throw new IllegalArgumentException(
          "an activation cannot clamp to [" + low + ", " + high + "]");
    }
  }

  /** r(y). */
  public double apply(double y) {
    return Math.max(low, Math.min(high, y));
  }

  /** Whether r(y) = y for every y. */
  public boolean isIdentity() {
    return equals(IDENTITY);
  }

  /** The name people know it by: {@code relu}, {@code relu6}, {@code clip}, {@code identity}. */
  public String label() {
    if (isIdentity()) {
      return "identity";
    }
    if (equals(RELU)) {
      return "relu";
    }
    return low == 0 && high == 6 ? "relu6" : "clip";
  }
}
