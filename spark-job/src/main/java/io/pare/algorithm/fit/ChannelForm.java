package io.pare.algorithm.fit;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.dense.RowRange;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LowRank;

/**
 * The best low-rank fit in the channel form, in closed form (algorithm.md section 2): with U the
 * leading eigenvectors of {@code T G T^T}, {@code B = U (U^T T)}; its excess error is the sum of
 * the dropped eigenvalues.
 */
public final class ChannelForm implements LowRankForm {
  private final Regression regression;
  private final Eigen eigen;

  /** Prepares the fits of a problem: one n x n eigendecomposition serves every rank. */
  public ChannelForm(Regression regression) {
    this.regression = regression;
    // T G is C, so that no product with the large G is needed.
    Matrix energy = DenseAlgebra.multiplyTransposed(regression.cross(), regression.target());
    eigen = Eigen.of(RowRange.symmetric(energy));
  }

  @Override
  public Component fit(LowRank ranks) {
    Matrix leading = RowRange.first(eigen.vectors(), ((LowRank.Channel) ranks).rank());
    Matrix first = DenseAlgebra.multiply(leading, regression.target());
    return new Component.ChannelFactors(first, RowRange.transpose(leading));
  }

  @Override
  public Component improve(Component previous) {
    return fit(new LowRank.Channel(((Component.ChannelFactors) previous).first().rows()));
  }

  @Override
  public LowRankForm retargeted(Regression next) {
    return new ChannelForm(next);
  }

  @Override
  public void close() {
    // Holds nothing off the heap.
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
