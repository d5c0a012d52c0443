package io.pare.algorithm.fit;

import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Factor;
import io.pare.algorithm.structure.LayerShape;

/**
 * What approximations of large fully connected layers put out, from their factors: the n x d
 * matrices of all candidates of such a layer take gigabytes, their factors a fraction of it.
 * Stateless.
 */
final class FactoredOutputs {
  private static final long LARGE = 1L << 24;

  private FactoredOutputs() {}

  /** Whether outputs of a layer of that shape are computed so: 1 x 1, and 16 million weights. */
  static boolean suit(LayerShape shape) {
    return shape.columns() == shape.inputChannels() && shape.weights() >= LARGE;
  }

  /** M x + b for every sample x, in single precision. */
  static Samples of(Approximation approximation, Samples inputs) {
    double[] bias = approximation.bias();
    float[] sum = new float[Math.multiplyExact(inputs.rows(), bias.length)];
    for (int i = 0; i < inputs.rows(); i++) {
      for (int j = 0; j < bias.length; j++) {
        sum[i * bias.length + j] = (float) bias[j];
      }
    }
    for (Component component : approximation.components()) {
      add(component, inputs, sum, bias.length);
    }
    return new Samples(inputs.rows(), bias.length, sum);
  }

  private static void add(Component component, Samples inputs, float[] sum, int outputs) {
    Samples part = component.inputs().length == 0 ? inputs : inputs.columns(component.inputs());
    for (Factor factor : component.factors()) {
      if (factor.kernel().rows() == 0) {
        return; // a form of rank 0
      }
      part = part.transformed(factor.kernel(), new double[factor.kernel().rows()]);
    }
    int[] places =
        component instanceof Component.KeptFilters filters ? filters.filters() : new int[0];
    for (int i = 0; i < part.rows(); i++) {
      for (int j = 0; j < part.columns(); j++) {
        int place = places.length == 0 ? j : places[j];
        sum[i * outputs + place] += part.at(i, j);
      }
    }
  }
}
