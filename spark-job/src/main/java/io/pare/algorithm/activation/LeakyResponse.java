package io.pare.algorithm.activation;

import java.io.Serializable;

/**
 * y where it is positive, else y times a slope.
 *
 * @param negative the slope; finite
 */
public record LeakyResponse(double negative) implements SmoothResponse, Serializable {
  public LeakyResponse {
    if (!Double.isFinite(negative)) {
      throw new IllegalArgumentException("a slope must be finite: " + negative);
    }
  }

  @Override
  public double apply(double y) {
    return y >= 0 ? y : negative * y;
  }

  @Override
  public double slope(double y) {
    return y >= 0 ? 1 : negative;
  }

  @Override
  public double fold() {
    return 0;
  }

  @Override
  public double steepest() {
    return Math.max(1, Math.abs(negative));
  }

  @Override
  public double curvature() {
    return 4 * Math.abs(1 - negative);
  }
}
