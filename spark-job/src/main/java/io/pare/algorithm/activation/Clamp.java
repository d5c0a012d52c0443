package io.pare.algorithm.activation;

import java.util.Collections;
import java.util.List;

/**
 * A clamp to {@code [low, high]}: ReLU is {@code [0, infinity]}, ReLU6 {@code [0, 6]}, the identity
 * has no bounds.
 *
 * @param low least output, possibly minus infinity
 * @param high greatest output, possibly infinity, above {@code low}
 */
public record Clamp(double low, double high) implements Activation, Response {
  /** No nonlinearity. */
  public static final Clamp IDENTITY =
      new Clamp(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** {@code max(0, y)}. */
  public static final Clamp RELU = new Clamp(0, Double.POSITIVE_INFINITY);

  public Clamp {
    if (!(low < high)) {
      throw new IllegalArgumentException(
          "an activation cannot clamp to [" + low + ", " + high + "]");
    }
  }

  @Override
  public double apply(double y) {
    return Math.max(low, Math.min(high, y));
  }

  @Override
  public void apply(float[] values, int count, int from, int to, float[] target) {
    float least = (float) low;
    float most = (float) high;
    for (int k = from; k < to; k++) {
      target[k] = Math.max(least, Math.min(most, values[k]));
    }
  }

  @Override
  public List<Response> channels(int count) {
    return Collections.nCopies(count, this);
  }

  @Override
  public boolean neverFalls() {
    return true;
  }

  @Override
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
