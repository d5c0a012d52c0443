package io.pare.algorithm.statistics;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.LayerShape;

/**
 * Moments with the solution of the problem that they pose, so that what many tasks fit is solved
 * once.
 *
 * @param target T = C G^-1 with the ridge of the problem, n x d
 */
public record SolvedMoments(Moments moments, Matrix target) implements LayerStatistics {

  public SolvedMoments {
    DenseAlgebra.requireFinite(target, "regression target");
  }

  /**
   * Solves the problem that moments pose.
   *
   * @param shape of the layer, or of one group of it
   * @param original W, n x d
   * @param ridge as of {@link Regression#of}
   */
  public static SolvedMoments of(LayerShape shape, Matrix original, Moments moments, double ridge) {
    return new SolvedMoments(moments, Regression.of(shape, original, moments, ridge).target());
  }
}
