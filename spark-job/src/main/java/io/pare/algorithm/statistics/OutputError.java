package io.pare.algorithm.statistics;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.activation.Response;
import io.pare.algorithm.dense.Tiles;

/**
 * The error of an approximation after the nonlinearity, relative to the original's energy: {@code
 * ||r(y) - r(y^)||^2 / ||r(y)||^2} over the samples added. Not thread-safe.
 */
public final class OutputError {
  private final Activation activation;
  // Of the errors, then of the outputs.
  private final double[] squared = new double[2];

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
    Response[] channels = activation.channels(original.columns()).toArray(new Response[0]);
    Tiles.ofRows(original.rows(), channels.length)
        .add(
            squared,
            (first, count) -> {
              double ofErrors = 0;
              double ofOutputs = 0;
              for (int i = first; i < first + count; i++) {
                for (int j = 0; j < channels.length; j++) {
                  int k = i * channels.length + j;
                  double expected = channels[j].apply(y[k]);
                  double difference = expected - channels[j].apply(z[k]);
                  ofErrors += difference * difference;
                  ofOutputs += expected * expected;
                }
              }
              return new double[] {ofErrors, ofOutputs};
            });
  }

  /** The relative error; 0 where both outputs are zero everywhere, not finite is refused. */
  public double relative() {
    if (!Double.isFinite(squared[0]) || !Double.isFinite(squared[1])) {
      throw new ArithmeticException("the error of a layer is not finite");
    }
    return squared[0] == 0 ? 0 : squared[0] / Math.max(squared[1], Double.MIN_NORMAL);
  }
}
