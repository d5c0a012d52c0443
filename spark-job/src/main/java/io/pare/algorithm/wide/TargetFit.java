package io.pare.algorithm.wide;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import java.util.ArrayList;
import java.util.List;

/**
 * One fit to a matrix K: {@code U U^T K + (I - U U^T) A} with A on the kept inputs, the best on
 * them alone. Not thread-safe.
 */
final class TargetFit {
  private final TargetMoments moments;
  private final Matrix leading;
  private final int[] inputs;
  private final Matrix kept;

  /**
   * A fit.
   *
   * @param leading U^T, r x n; no rows for no low-rank component
   * @param inputs kept ones, ascending; empty for no sparse component
   * @param kept A, n x |inputs|
   */
  TargetFit(TargetMoments moments, Matrix leading, int[] inputs, Matrix kept) {
    this.moments = moments;
    this.leading = leading;
    this.inputs = inputs;
    this.kept = kept;
  }

  /**
   * What it puts out.
   *
   * @param samples inputs of the layer
   * @param outputs what K makes of them, centred
   */
  Samples predicted(Samples samples, Samples outputs) {
    double[] mean = moments.targetMean();
    if (inputs.length == 0) {
      return projected(outputs, mean);
    }
    Samples chosen = samples.columns(inputs);
    if (leading.rows() == 0) {
      return chosen.transformed(kept, lessMean(kept, mean));
    }
    Samples sparse = chosen.transformed(kept, lessMean(kept, new double[mean.length]));
    return projected(outputs.minus(sparse), mean).plus(sparse);
  }

  private Samples projected(Samples outputs, double[] bias) {
    return outputs
        .transformed(leading, new double[leading.rows()])
        .transformed(leading.transposed(), bias);
  }

  /**
   * The components with their bias.
   *
   * @param target K
   */
  Approximation approximation(Samples target) {
    List<Component> components = new ArrayList<>();
    double[] bias = moments.targetMean().clone();
    Matrix sparse = kept;
    if (leading.rows() > 0) {
      Matrix first =
          DenseAlgebra.requireFinite(
              FirstFactor.ofWeights(leading, target), "first factor of a wide layer");
      Matrix last = leading.transposed();
      components.add(Component.Factors.of(Form.CHANNEL, first, last));
      Matrix onMean =
          DenseAlgebra.multiply(
              first, new Matrix(moments.inputMean().length, 1, moments.inputMean()));
      Matrix shift = DenseAlgebra.multiply(last, onMean);
      for (int i = 0; i < bias.length; i++) {
        bias[i] -= shift.at(i, 0);
      }
      if (inputs.length > 0) {
        sparse =
            DenseAlgebra.subtract(
                kept, DenseAlgebra.multiply(last, DenseAlgebra.multiply(leading, kept)));
      }
    }
    if (inputs.length > 0) {
      components.add(
          new Component.KeptInputs(inputs, DenseAlgebra.requireFinite(sparse, "kept inputs")));
      bias = lessMean(sparse, bias);
    }
    return new Approximation(components, bias);
  }

  /** A bias less what weights of the kept inputs make of their mean. */
  private double[] lessMean(Matrix weights, double[] bias) {
    double[] result = bias.clone();
    for (int i = 0; i < result.length; i++) {
      for (int k = 0; k < inputs.length; k++) {
        result[i] -= weights.at(i, k) * moments.inputMean()[inputs[k]];
      }
    }
    return result;
  }
}
