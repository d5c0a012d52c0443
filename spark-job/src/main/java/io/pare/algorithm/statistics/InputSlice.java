package io.pare.algorithm.statistics;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import java.util.List;

/**
 * Some neighbouring input columns of a wide layer: what all samples hold in them, and the weights
 * that multiply them.
 *
 * @param firstColumn place of the first of them in W
 * @param inputs the samples of the fit and then the held-out ones, each less {@code mean}
 * @param mean of the samples of the fit, one entry a column
 * @param weights the columns of W, n rows
 */
@SuppressWarnings("ArrayRecordComponent")
public record InputSlice(int firstColumn, Samples inputs, float[] mean, Samples weights) {

  public InputSlice {
    if (inputs.columns() != weights.columns() || mean.length != weights.columns()) {
      throw new IllegalArgumentException(
          inputs + " do not fit a slice of " + weights.columns() + " columns");
    }
  }

  /** A slice of samples that are not centred yet; at least one of them is for the fit. */
  public static InputSlice of(int firstColumn, SampleBlock samples, Samples weights) {
    float[] mean = samples.fit().columnMeans();
    Samples all = Samples.joined(List.of(samples.fit(), samples.heldOut()));
    float[] centred = all.centred(mean, new double[mean.length]);
    return new InputSlice(
        firstColumn, new Samples(all.rows(), all.columns(), centred), mean, weights);
  }

  /** What the slice adds to the products of the whole layer, in single precision. */
  public SliceProducts products() {
    return new SliceProducts(
        product(inputs, inputs),
        product(weights, inputs),
        product(weights, weights),
        product(weights, new Samples(1, mean.length, mean)));
  }

  /**
   * The slice's columns of a first factor, {@code leading W + coefficients X}.
   *
   * @param leading r x n
   * @param coefficients r x samples
   */
  public FactorSlice factor(Matrix leading, Matrix coefficients) {
    Matrix columns =
        DenseAlgebra.combine(
            DenseAlgebra.multiply(leading, matrix(weights)),
            DenseAlgebra.multiply(coefficients, matrix(inputs)),
            1);
    double[] onMean = new double[columns.rows()];
    for (int i = 0; i < onMean.length; i++) {
      for (int j = 0; j < mean.length; j++) {
        onMean[i] += columns.at(i, j) * mean[j];
      }
    }
    return new FactorSlice(firstColumn, columns, onMean);
  }

  private static Matrix product(Samples a, Samples b) {
    float[] values =
        DenseAlgebra.multiplyTransposed(a.values(), b.values(), a.rows(), b.rows(), a.columns());
    return Matrix.of(a.rows(), b.rows(), values);
  }

  private static Matrix matrix(Samples samples) {
    return Matrix.of(samples.rows(), samples.columns(), samples.values());
  }
}
