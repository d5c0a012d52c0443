package io.pare.algorithm.statistics;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.activation.Response;
import java.util.List;

/**
 * The error of an approximation after the nonlinearity, relative to the original's energy: {@code
 * ||r(y) - r(y^)||^2 / ||r(y)||^2} over the samples added. Not thread-safe.
 */
public final class OutputError {
  private final Activation activation;
  private double squaredError;
  private double squaredOutput;

  /** An empty sum. */
  public OutputError(Activation activation) {
    this.activation = activation;
  }

  /**
   * Adds a block.
   *
   * @param original y = W x + b, before the nonlinearity
   * @param approximate y^ = M x^ + b^, of the same shape
   */
  public void add(Samples original, Samples approximate) {
    float[] y = original.values();
    float[] z = approximate.values();
    List<Response> channels = activation.channels(original.columns());
    for (int k = 0; k < y.length; k++) {
      Response response = channels.get(k % channels.size());
      double expected = response.apply(y[k]);
      double difference = expected - response.apply(z[k]);
      squaredError += difference * difference;
      squaredOutput += expected * expected;
    }
  }

  /** The relative error; 0 where both outputs are zero everywhere, not finite is refused. */
  public double relative() {
    if (!Double.isFinite(squaredError) || !Double.isFinite(squaredOutput)) {
      throw new ArithmeticException("the error of a layer is not finite");
    }
    return squaredError == 0 ? 0 : squaredError / Math.max(squaredOutput, Double.MIN_NORMAL);
  }
}
