package io.pare.algorithm;

/**
 * What is to be approximated: one group of one layer.
 *
 * @param shape of W
 * @param weights W, n x d
 * @param bias b, n entries
 * @param activation what follows
 * @param ridge relative to {@code trace(G) / d}, above 0
 */
@SuppressWarnings("ArrayRecordComponent")
public record LayerProblem(
    LayerShape shape, Matrix weights, double[] bias, Activation activation, double ridge) {

  public LayerProblem {
    if (weights.rows() != shape.outputs()
        || weights.columns() != shape.columns()
        || bias.length != shape.outputs()) {
      throw new IllegalArgumentException(weights + " and its bias do not fit " + shape);
    }
    DenseAlgebra.requireFinite(weights, "weights of a layer");
  }

  /** The layer's output before the activation, y = W x + b. */
  public Samples outputs(Samples inputs) {
    return inputs.transformed(weights, bias);
  }

  /** The layer's outputs for both kinds of samples. */
  public SampleBlock outputs(SampleBlock inputs) {
    return new SampleBlock(outputs(inputs.fit()), outputs(inputs.heldOut()));
  }

  /** The layer as it was, as an approximation of itself. */
  public Approximation unchanged() {
    return new Approximation(java.util.List.of(new Component.Dense(weights)), bias);
  }
}
