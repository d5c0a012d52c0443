package io.pare.plan;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much an error in one layer hurts the network's output: the mean KL divergence from the
 * original's softmax as a function of the layer's relative post-activation error (algorithm.md
 * section 5). Measured at a few points and interpolated in both logarithms; beyond them the
 * divergence is taken to grow in proportion to the error, as it does for small errors. Never falls
 * with the error. Immutable.
 */
public final class SensitivityCurve {
  private static final double LEAST = 1e-12;

  private final TreeMap<Double, Double> points = new TreeMap<>();
  private final Map<Double, Double> measured;

  /**
   * A curve through measured points.
   *
   * @param divergences mean divergence in nats by error, both at least 0
   */
  public SensitivityCurve(Map<Double, Double> divergences) {
    measured = Collections.unmodifiableMap(new TreeMap<>(divergences));
    double largest = Math.log(LEAST);
    for (Map.Entry<Double, Double> point : new TreeMap<>(divergences).entrySet()) {
      largest = Math.max(largest, log(point.getValue()));
      points.put(log(point.getKey()), largest);
    }
  }

  /** A curve for layers that were not measured: the divergence is the error itself. */
  public static SensitivityCurve proportional() {
    return new SensitivityCurve(Map.of(1.0, 1.0));
  }

  /** The divergences as they were measured, by error. */
  public Map<Double, Double> measured() {
    return measured;
  }

  /** The divergence to be expected of an error. */
  public double divergence(double error) {
    if (error == 0) {
      return 0;
    }
    double x = log(error);
    Map.Entry<Double, Double> below = points.floorEntry(x);
    Map.Entry<Double, Double> above = points.ceilingEntry(x);
    if (below == null) {
      return Math.exp(above.getValue() + x - above.getKey());
    }
    if (above == null) {
      return Math.exp(below.getValue() + x - below.getKey());
    }
    double span = above.getKey() - below.getKey();
    double share = span == 0 ? 0 : (x - below.getKey()) / span;
    return Math.exp(below.getValue() + share * (above.getValue() - below.getValue()));
  }

  private static double log(double value) {
    return Math.log(Math.max(LEAST, value));
  }
}
