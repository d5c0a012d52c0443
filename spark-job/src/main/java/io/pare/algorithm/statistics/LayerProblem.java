package io.pare.algorithm.statistics;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.LayerShape;

/**
 * What is to be approximated: one group of one layer.
 *
 * @param name of the layer and, where that has several, its group, to tell of
 * @param shape of W
 * @param weights W, n x d, row after row, in the precision of the file
 * @param bias b, n entries
 * @param activation what follows
 * @param ridge relative to {@code trace(G) / d}, above 0
 * @param space where its fits are solved
 */
@SuppressWarnings("ArrayRecordComponent")
public record LayerProblem(
    String name,
    LayerShape shape,
    float[] weights,
    double[] bias,
    Activation activation,
    double ridge,
    FitSpace space) {

  public LayerProblem {
    if (weights.length != shape.weights() || bias.length != shape.outputs()) {
      throw new IllegalArgumentException(
          weights.length + " weights and " + bias.length + " biases do not fit " + shape);
    }
    for (float weight : weights) {
      if (!Float.isFinite(weight)) {
        throw new ArithmeticException("the weights of a layer hold a value that is not finite");
      }
    }
  }

  /** W as a matrix, n x d, copied. */
  public Matrix matrix() {
    return Matrix.of(shape.outputs(), shape.columns(), weights);
  }

  /** W as samples of its columns, not copied. */
  public Samples kernel() {
    return new Samples(shape.outputs(), shape.columns(), weights);
  }

  /** The layer's output before the activation, y = W x + b. */
  public Samples outputs(Samples inputs) {
    return inputs.transformed(weights, bias);
  }

  /** The layer's outputs for both kinds of samples. */
  public SampleBlock outputs(SampleBlock inputs) {
    return new SampleBlock(outputs(inputs.fit()), outputs(inputs.heldOut()));
  }
}
