package io.pare.algorithm.structure;

import java.io.Serializable;

/**
 * The shape of one layer's weights, of one group where a convolution has several: a fully connected
 * layer is a convolution with a 1 x 1 kernel.
 *
 * <p>As a matrix W the weights are {@code outputs x columns()}; column {@code (c * kernelHeight +
 * h) * kernelWidth + w} belongs to input channel c at kernel row h and column w, as in im2col and
 * in ONNX's own layout.
 *
 * @param outputs filters, n
 * @param inputChannels input channels of the group, c
 * @param kernelHeight kernel rows
 * @param kernelWidth kernel columns
 */
public record LayerShape(int outputs, int inputChannels, int kernelHeight, int kernelWidth)
    implements Serializable {
  private static final int COARSE = 2048;

  public LayerShape {
    if (outputs < 1 || inputChannels < 1 || kernelHeight < 1 || kernelWidth < 1) {
      throw new IllegalArgumentException(
          "every dimension must be at least 1: "
              + outputs
              + " x "
              + inputChannels
              + " x "
              + kernelHeight
              + " x "
              + kernelWidth);
    }
  }

  /** Columns of W: the length of one im2col patch, d. */
  public int columns() {
    return Math.multiplyExact(inputChannels, Math.multiplyExact(kernelHeight, kernelWidth));
  }

  /**
   * The columns of W that belong to some input channels.
   *
   * @param channels ascending
   * @return ascending
   */
  public int[] columns(int[] channels) {
    int taps = kernelHeight * kernelWidth;
    int[] columns = new int[channels.length * taps];
    for (int k = 0; k < columns.length; k++) {
      columns[k] = channels[k / taps] * taps + k % taps;
    }
    return columns;
  }

  /** Whether fits take so long that fewer steps of a path have to do. */
  public boolean hasCoarsePath() {
    return columns() > COARSE;
  }

  /** The shape of a layer with another number of outputs, at least 1. */
  public LayerShape withOutputs(int count) {
    return new LayerShape(count, inputChannels, kernelHeight, kernelWidth);
  }

  /** Number of weights, bias not counted. */
  public long weights() {
    return (long) outputs * columns();
  }
}
