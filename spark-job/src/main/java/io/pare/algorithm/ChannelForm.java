package io.pare.algorithm;

/**
 * The best low-rank fit in the channel form, in closed form (algorithm.md section 2): with U the
 * leading eigenvectors of {@code T G T^T}, {@code B = U (U^T T)}; its excess error is the sum of
 * the dropped eigenvalues.
 */
public final class ChannelForm implements LowRankForm {
  private final Regression regression;
  private final DenseAlgebra.Eigen eigen;

  /** Prepares the fits of a problem: one n x n eigendecomposition serves every rank. */
  public ChannelForm(Regression regression) {
    this.regression = regression;
    Matrix weighted = DenseAlgebra.multiply(regression.target(), regression.gram());
    eigen = DenseAlgebra.eigen(DenseAlgebra.multiplyTransposed(weighted, regression.target()));
  }

  @Override
  public int maximumRank() {
    return Math.min(regression.shape().outputs(), regression.shape().columns());
  }

  @Override
  public Component fit(int rank) {
    Matrix leading = RowRange.first(eigen.vectors(), rank);
    Matrix first = DenseAlgebra.multiply(leading, regression.target());
    return new Component.ChannelFactors(first, RowRange.transpose(leading));
  }

  /** The excess error of the fit of a given rank: the sum of the eigenvalues it drops. */
  double excessError(int rank) {
    double sum = 0;
    for (int k = rank; k < eigen.values().length; k++) {
      sum += Math.max(0, eigen.values()[k]);
    }
    return sum;
  }
}
