package io.pare.algorithm.statistics;

import io.pare.algorithm.activation.Activation;
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
    addBehind(original.behind(activation), approximate);
  }

  /**
   * The same where several approximations share what they are compared with.
   *
   * @param wanted r(y)
   * @param approximate y^, of the same shape
   */
  public void addBehind(Samples wanted, Samples approximate) {
    float[] expected = wanted.values();
    float[] reached = approximate.behind(activation).values();
    int columns = wanted.columns();
    Tiles.ofRows(wanted.rows(), columns)
        .add(
            squared,
            (first, count) -> {
              double ofErrors = 0;
              double ofOutputs = 0;
              for (int k = first * columns; k < (first + count) * columns; k++) {
                double output = expected[k];
                double error = output - reached[k];
                ofErrors += error * error;
                ofOutputs += output * output;
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
