package io.pare.algorithm.fit;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The best sum of a rank-r component in the channel form and a structured sparse one on given input
 * channels S, in closed form: no alternation, and no local optimum.
 *
 * <p>Given B, the best A on S leaves the error {@code tr(R P R^T)}, where R is T - B on the other
 * columns S' and {@code P = G[S',S'] - G[S',S] G[S,S]^-1 G[S,S']}. So B is the channel form of T's
 * columns S' in the metric P: with U the leading r eigenvectors of {@code T_S' P T_S'^T}, {@code
 * B_S' = U U^T T_S'}. Its columns in S are A's to choose and stay zero. The excess error is the sum
 * of the dropped eigenvalues. Not thread-safe.
 */
final class ChannelSum {
  private final Regression regression;
  private final int[] support;
  private final Matrix rest;
  private final Eigen eigen;

  /**
   * Prepares the fits of every rank.
   *
   * @param support kept input channels, ascending, at least one
   */
  ChannelSum(Regression regression, int[] support) {
    this.regression = regression;
    this.support = support;
    int[] inside = regression.shape().columns(support);
    int[] outside = others(inside, regression.shape().columns());
    Matrix target = regression.target().columns(outside);
    rest = target.transposed().scatteredRows(outside, regression.shape().columns()).transposed();
    // T_S' P is (T_S' G)[:,S'] less what the best A on S explains of it; P T_S'^T is zero on S.
    Regression remaining = regression.minus(DenseAlgebra.subtract(regression.target(), rest));
    Matrix explained =
        new Component.KeptInputs(support, SupportFit.channels(remaining, support))
            .matrix(regression.shape());
    Matrix metric =
        DenseAlgebra.multiply(DenseAlgebra.subtract(rest, explained), regression.gram());
    eigen = Eigen.of(DenseAlgebra.multiplyTransposed(metric, rest).symmetricPart());
  }

  private static int[] others(int[] inside, int columns) {
    return IntStream.range(0, columns).filter(j -> Arrays.binarySearch(inside, j) < 0).toArray();
  }

  /** B in channel form and A on the support. */
  List<Component> fit(int rank) {
    Matrix leading = eigen.vectors().firstRows(rank);
    Component low =
        Component.Factors.of(
            Form.CHANNEL, DenseAlgebra.multiply(leading, rest), leading.transposed());
    Regression left = regression.minus(low.matrix(regression.shape()));
    return List.of(low, new Component.KeptInputs(support, SupportFit.channels(left, support)));
  }

  /** The excess error of the fit of a rank. */
  double excessError(int rank) {
    double sum = 0;
    for (int k = rank; k < eigen.values().length; k++) {
      sum += Math.max(0, eigen.values()[k]);
    }
    return sum;
  }
}
