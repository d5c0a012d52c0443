package io.pare.algorithm.statistics;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import java.util.List;

/**
 * All that a fit in the sample space needs of inputs X (samples x d, less the means of the samples
 * of the fit) and weights W (n x d): none has an edge of d. The samples of the fit come first, the
 * held-out ones after them.
 *
 * @param fitCount samples of the fit, at least 1
 * @param gram X X^T, samples x samples
 * @param projections W X^T, n x samples
 * @param weightEnergy W W^T, n x n
 * @param weightsOnMean W times the mean input, n x 1
 */
public record SampleProducts(
    int fitCount, Matrix gram, Matrix projections, Matrix weightEnergy, Matrix weightsOnMean)
    implements LayerStatistics {

  public SampleProducts {
    if (fitCount < 1 || gram.rows() < fitCount || projections.columns() != gram.rows()) {
      throw new IllegalArgumentException(
          gram + " and " + projections + " do not belong to " + fitCount + " samples of a fit");
    }
  }

  /** The products of samples and weights that the caller holds, in single precision. */
  public static SampleProducts of(SampleBlock samples, Samples weights) {
    float[] mean = samples.fit().columnMeans();
    Samples all = Samples.joined(List.of(samples.fit(), samples.heldOut()));
    Samples centred =
        new Samples(all.rows(), all.columns(), all.centred(mean, new double[mean.length]));
    return new SampleProducts(
        samples.fit().rows(),
        product(centred, centred).symmetricPart(),
        product(weights, centred),
        energy(weights),
        product(weights, new Samples(1, mean.length, mean)));
  }

  /**
   * The products of samples that are not centred yet: centring needs no more than these, which are
   * given up.
   *
   * @param gram of the samples as they are
   * @param projections of the samples as they are
   */
  public static SampleProducts centred(
      int fitCount, Matrix gram, Matrix projections, Matrix weightEnergy) {
    double[] means = rowMeans(gram, fitCount);
    double grand = 0;
    for (int i = 0; i < fitCount; i++) {
      grand += means[i] / fitCount;
    }
    for (int i = 0; i < gram.rows(); i++) {
      for (int j = 0; j < gram.columns(); j++) {
        gram.set(i, j, gram.at(i, j) + (grand - (means[i] + means[j])));
      }
    }
    double[] onMean = rowMeans(projections, fitCount);
    for (int i = 0; i < projections.rows(); i++) {
      for (int j = 0; j < projections.columns(); j++) {
        projections.set(i, j, projections.at(i, j) - onMean[i]);
      }
    }
    return new SampleProducts(
        fitCount, gram, projections, weightEnergy, new Matrix(onMean.length, 1, onMean));
  }

  /** W W^T in single precision, symmetric to the bit. */
  public static Matrix energy(Samples weights) {
    return product(weights, weights).symmetricPart();
  }

  private static double[] rowMeans(Matrix matrix, int count) {
    double[] means = new double[matrix.rows()];
    for (int i = 0; i < means.length; i++) {
      for (int j = 0; j < count; j++) {
        means[i] += matrix.at(i, j);
      }
      means[i] /= count;
    }
    return means;
  }

  private static Matrix product(Samples a, Samples b) {
    float[] values =
        DenseAlgebra.multiplyTransposed(a.values(), b.values(), a.rows(), b.rows(), a.columns());
    return Matrix.of(a.rows(), b.rows(), values);
  }
}
