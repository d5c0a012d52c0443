package io.pare.algorithm.fit;

import io.pare.algorithm.dense.Cholesky;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.LayerShape;

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
    LayerShape shape = regression.shape();
    int[] columns = columns(shape, support);
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
              regression.cross().columns(columns(regression.shape(), alone)));
    }
    return gains;
  }

  /** The columns of W that belong to some input channels. */
  static int[] columns(LayerShape shape, int[] channels) {
    int taps = shape.kernelHeight() * shape.kernelWidth();
    int[] columns = new int[channels.length * taps];
    for (int k = 0; k < channels.length; k++) {
      for (int t = 0; t < taps; t++) {
        columns[k * taps + t] = channels[k] * taps + t;
      }
    }
    return columns;
  }
}
