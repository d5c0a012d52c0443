package io.pare.model.inference;

/**
 * The time of two networks for the same batch.
 *
 * @param beforeMilliseconds median of the first
 * @param afterMilliseconds median of the second
 */
public record Latency(double beforeMilliseconds, double afterMilliseconds) {
  public Latency {
    if (!(beforeMilliseconds > 0 && afterMilliseconds > 0)) {
      throw new IllegalArgumentException(
          "times of " + beforeMilliseconds + " and " + afterMilliseconds + " ms cannot be");
    }
  }

  /** How many times faster the second is; above 1 for a gain. */
  public double ratio() {
    return beforeMilliseconds / afterMilliseconds;
  }
}
