package io.pare.io.preprocessing;

import java.util.Locale;

/**
 * The filter that weighs source pixels when an image is resized; x is the distance from the centre
 * in pixels of the coarser grid.
 */
public enum Interpolation {
  /** The triangle 1 - |x|. */
  BILINEAR(1) {
    @Override
    double weight(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  },
  /** The cubic convolution kernel of Keys (1981) with a = -0.5. */
  BICUBIC(2) {
    @Override
    double weight(double x) {
      double a = -0.5;
      double d = Math.abs(x);
      if (d < 1) {
        return ((a + 2) * d - (a + 3)) * d * d + 1;
      }
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    }
  };

  private final double support;

  Interpolation(double support) {
    this.support = support;
  }

  /** The distance from which on the weight is zero. */
  double support() {
    return support;
  }

  abstract double weight(double x);

  /** The name in a configuration: {@code bilinear} or {@code bicubic}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
