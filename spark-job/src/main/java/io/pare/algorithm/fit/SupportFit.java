package io.pare.algorithm.fit;

import io.pare.algorithm.dense.Cholesky;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;

/** The best structured sparse component on a fixed support (algorithm.md section 2). Stateless. */
public final class SupportFit {

  private SupportFit() {}

  /**
   * The best A that reads the kept input channels alone: {@code (T G)[:,S] (G[S,S])^-1}.
   *
   * @param support kept input channels, ascending, at least one
   * @return n x (|support| kh kw)
   */
  static Matrix channels(Regression regression, int[] support) {
    int[] columns = regression.shape().columns(support);
    Matrix gram = regression.gram().rows(columns).columns(columns);
    return new Cholesky(gram).solveRows(regression.cross().columns(columns));
  }

  /**
   * What each input channel alone would take off the error: {@code tr((T G)_g G_gg^-1 (T G)_g^T)}.
   *
   * @return one gain for each channel
   */
  public static double[] gains(Regression regression) {
    double[] gains = new double[regression.shape().inputChannels()];
    for (int channel = 0; channel < gains.length; channel++) {
      int[] alone = {channel};
      gains[channel] =
          DenseAlgebra.inner(
              channels(regression, alone),
              regression.cross().columns(regression.shape().columns(alone)));
    }
    return gains;
  }
}
