package io.pare.algorithm.fit;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Factor;
import io.pare.algorithm.structure.LayerShape;
import java.util.ArrayList;
import java.util.List;

/**
 * What an approximation of a layer puts out for samples of its inputs: factor by factor where that
 * is less work than with the n x d matrix, which of a large fully connected layer takes gigabytes
 * beside its factors besides. Immutable, thread-safe.
 */
final class FactoredOutputs {
  /** Multiply-accumulates of a product in the time that copying one value takes. */
  private static final int COPY = 32;

  private static final int[] ALL = {};

  private final List<Chain> chains;
  private final double[] bias;

  /**
   * Products one after the other.
   *
   * @param inputs columns that are read, {@link #ALL} for all of them
   * @param taps of the kernel that the first product is made for one by one
   * @param kernels of the products
   * @param outputs that the last product is added to, {@link #ALL} for all of them
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Chain(int[] inputs, int taps, List<Kernel> kernels, int[] outputs) {

    Samples of(TapSamples samples) {
      Samples part = inputs == ALL ? samples.by(taps) : samples.all().columns(inputs);
      for (int k = 0; k < kernels.size(); k++) {
        Kernel kernel = kernels.get(k);
        Samples product = part.transformed(kernel.values, new double[kernel.rows]);
        part = k == 0 ? product.joinedRows(taps) : product;
      }
      return part;
    }

    /** For one sample. */
    double work(int columns) {
      double copied = inputs == ALL ? (taps == 1 ? 0 : columns) : inputs.length;
      double products = 0;
      for (int k = 0; k < kernels.size(); k++) {
        products += (double) kernels.get(k).values.length * (k == 0 ? taps : 1);
      }
      return products + COPY * copied;
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Kernel(int rows, float[] values) {
    static Kernel of(Matrix matrix) {
      return new Kernel(matrix.rows(), matrix.floats());
    }
  }

  private FactoredOutputs(List<Chain> chains, double[] bias) {
    this.chains = chains;
    this.bias = bias;
  }

  /** The outputs of an approximation of a layer of some shape. */
  static FactoredOutputs of(LayerShape shape, Approximation approximation) {
    List<Chain> chains = new ArrayList<>();
    double work = 0;
    for (Component component : approximation.components()) {
      if (component.factors().get(0).rank() > 0) { // else a form of rank 0
        Chain chain = chain(component, shape);
        chains.add(chain);
        work += chain.work(shape.columns());
      }
    }
    if (work >= shape.weights()) {
      Kernel whole = Kernel.of(approximation.matrix(shape));
      chains = List.of(new Chain(ALL, 1, List.of(whole), ALL));
    }
    return new FactoredOutputs(List.copyOf(chains), approximation.bias());
  }

  private static Chain chain(Component component, LayerShape shape) {
    List<Factor> factors = component.factors();
    int taps = factors.size() == 1 ? 1 : factors.get(1).taps().count(shape);
    List<Kernel> kernels = new ArrayList<>();
    for (int k = 0; k < factors.size(); k++) {
      Matrix kernel = factors.get(k).kernel();
      // The first product lies tap by tap.
      kernels.add(Kernel.of(k == 1 ? kernel.columnsSwapped(taps) : kernel));
    }
    return new Chain(
        component.inputs().length == 0 ? ALL : shape.columns(component.inputs()),
        taps,
        kernels,
        component instanceof Component.KeptFilters filters ? filters.filters() : ALL);
  }

  /** M x + b for every sample x, in single precision. */
  Samples of(TapSamples inputs) {
    int rows = inputs.all().rows();
    float[] sum = new float[Math.multiplyExact(rows, bias.length)];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < bias.length; j++) {
        sum[i * bias.length + j] = (float) bias[j];
      }
    }
    for (Chain chain : chains) {
      add(chain.of(inputs), chain.outputs(), sum);
    }
    return new Samples(rows, bias.length, sum);
  }

  private void add(Samples part, int[] outputs, float[] sum) {
    for (int i = 0; i < part.rows(); i++) {
      for (int j = 0; j < part.columns(); j++) {
        sum[i * bias.length + (outputs == ALL ? j : outputs[j])] += part.at(i, j);
      }
    }
  }
}
