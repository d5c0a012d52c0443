package io.pare.algorithm.fit;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LowRank;

/**
 * The best low-rank fit in the channel form, in closed form (algorithm.md section 2): with U the
 * leading eigenvectors of {@code T G T^T}, {@code B = U (U^T T)}; its excess error is the sum of
 * the dropped eigenvalues.
 */
public final class ChannelFit implements LowRankFit {
  private final Regression regression;
  private final Eigen eigen;

  /** Prepares the fits of a problem: one n x n eigendecomposition serves every rank. */
  public ChannelFit(Regression regression) {
    this.regression = regression;
    // T G is C, so that no product with the large G is needed.
    Matrix energy = DenseAlgebra.multiplyTransposed(regression.cross(), regression.target());
    eigen = Eigen.of(energy.symmetricPart());
  }

  @Override
  public Component fit(LowRank ranks) {
    Matrix leading = eigen.vectors().firstRows(ranks.ranks()[0]);
    Matrix first = DenseAlgebra.multiply(leading, regression.target());
    return Component.Factors.of(Form.CHANNEL, first, leading.transposed());
  }

  @Override
  public Component improve(Component previous) {
    return fit(new LowRank(Form.CHANNEL, previous.factors().get(0).rank()));
  }

  @Override
  public LowRankFit retargeted(Regression next) {
    return new ChannelFit(next);
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
