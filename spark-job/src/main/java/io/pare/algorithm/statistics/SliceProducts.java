package io.pare.algorithm.statistics;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;

/**
 * All that a fit in the sample space needs of inputs X (samples x d, centred) and weights W (n x
 * d): sums over the columns, so that slices of them add up. None has an edge of d.
 *
 * @param gram X X^T, samples x samples
 * @param projections W X^T, n x samples
 * @param weightEnergy W W^T, n x n
 * @param weightsOnMean W times the mean input, n x 1
 */
public record SliceProducts(
    Matrix gram, Matrix projections, Matrix weightEnergy, Matrix weightsOnMean) {

  /** The products of both slices' columns together. */
  public SliceProducts plus(SliceProducts other) {
    return new SliceProducts(
        DenseAlgebra.combine(gram, other.gram, 1),
        DenseAlgebra.combine(projections, other.projections, 1),
        DenseAlgebra.combine(weightEnergy, other.weightEnergy, 1),
        DenseAlgebra.combine(weightsOnMean, other.weightsOnMean, 1));
  }
}
