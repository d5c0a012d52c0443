package io.pare.algorithm.structure;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;

/** Components as the n x d matrices they stand for. Stateless. */
public final class Kernels {

  private Kernels() {}

  /** M = sum of the components, n x d in the column order of {@link LayerShape}. */
  public static Matrix sum(LayerShape shape, Approximation approximation) {
    Matrix sum = Matrix.zeros(shape.outputs(), shape.columns());
    for (Component component : approximation.components()) {
      sum = DenseAlgebra.combine(sum, of(shape, component), 1);
    }
    return sum;
  }

  /** The n x d matrix of one component. */
  public static Matrix of(LayerShape shape, Component component) {
    if (component instanceof Component.Dense dense) {
      return dense.kernel();
    }
    if (component instanceof Component.ChannelFactors factors) {
      return DenseAlgebra.multiply(factors.second(), factors.first());
    }
    if (component instanceof Component.SpatialFactors factors) {
      return spatial(shape, factors);
    }
    if (component instanceof Component.TuckerFactors factors) {
      return tucker(shape, factors);
    }
    if (component instanceof Component.ChainFactors factors) {
      Matrix horizontal = DenseAlgebra.multiply(factors.output(), factors.horizontal());
      return spatial(shape, new Component.SpatialFactors(factors.vertical(), horizontal));
    }
    if (component instanceof Component.InputChannels kept) {
      return scatterColumns(shape, kept);
    }
    return scatterRows(shape, (Component.Filters) component);
  }

  private static Matrix spatial(LayerShape shape, Component.SpatialFactors factors) {
    int rank = factors.vertical().rows();
    int width = shape.kernelWidth();
    Matrix result = Matrix.zeros(shape.outputs(), shape.columns());
    for (int w = 0; w < width; w++) {
      Matrix horizontal = Matrix.zeros(shape.outputs(), rank);
      for (int o = 0; o < shape.outputs(); o++) {
        for (int q = 0; q < rank; q++) {
          horizontal.set(o, q, factors.horizontal().at(o, q * width + w));
        }
      }
      Matrix column = DenseAlgebra.multiply(horizontal, factors.vertical());
      for (int o = 0; o < shape.outputs(); o++) {
        for (int j = 0; j < column.columns(); j++) {
          result.set(o, j * width + w, column.at(o, j));
        }
      }
    }
    return result;
  }

  private static Matrix tucker(LayerShape shape, Component.TuckerFactors factors) {
    int taps = shape.kernelHeight() * shape.kernelWidth();
    Matrix wide = DenseAlgebra.multiply(factors.output(), factors.core());
    Matrix result = Matrix.zeros(shape.outputs(), shape.columns());
    for (int t = 0; t < taps; t++) {
      Matrix tap = Matrix.zeros(shape.outputs(), factors.input().rows());
      for (int o = 0; o < tap.rows(); o++) {
        for (int q = 0; q < tap.columns(); q++) {
          tap.set(o, q, wide.at(o, q * taps + t));
        }
      }
      Matrix spread = DenseAlgebra.multiply(tap, factors.input());
      for (int o = 0; o < spread.rows(); o++) {
        for (int c = 0; c < spread.columns(); c++) {
          result.set(o, c * taps + t, spread.at(o, c));
        }
      }
    }
    return result;
  }

  private static Matrix scatterColumns(LayerShape shape, Component.InputChannels kept) {
    int taps = shape.kernelHeight() * shape.kernelWidth();
    Matrix result = Matrix.zeros(shape.outputs(), shape.columns());
    for (int o = 0; o < shape.outputs(); o++) {
      for (int k = 0; k < kept.channels().length; k++) {
        System.arraycopy(
            kept.kernel().values(),
            o * kept.kernel().columns() + k * taps,
            result.values(),
            o * shape.columns() + kept.channels()[k] * taps,
            taps);
      }
    }
    return result;
  }

  private static Matrix scatterRows(LayerShape shape, Component.Filters kept) {
    Matrix result = Matrix.zeros(shape.outputs(), shape.columns());
    for (int k = 0; k < kept.filters().length; k++) {
      System.arraycopy(
          kept.kernel().values(),
          k * shape.columns(),
          result.values(),
          kept.filters()[k] * shape.columns(),
          shape.columns());
    }
    return result;
  }
}
