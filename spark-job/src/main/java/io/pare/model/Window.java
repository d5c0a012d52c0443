package io.pare.model;

import java.io.Serializable;

/**
 * How a convolution's kernel moves over its input, in pixels; all explicit, ONNX's auto_pad
 * resolved for the measured input size.
 *
 * @param strideHeight step between rows, at least 1
 * @param strideWidth step between columns, at least 1
 * @param padTop rows of zeros above the input
 * @param padLeft columns of zeros left of it
 * @param padBottom rows of zeros below it
 * @param padRight columns of zeros right of it
 * @param dilationHeight distance between kernel rows, at least 1
 * @param dilationWidth distance between kernel columns, at least 1
 */
public record Window(
    int strideHeight,
    int strideWidth,
    int padTop,
    int padLeft,
    int padBottom,
    int padRight,
    int dilationHeight,
    int dilationWidth)
    implements Serializable {

  /** A 1 x 1 kernel at every position: also that of a fully connected layer. */
  public static final Window POINTWISE = new Window(1, 1, 0, 0, 0, 0, 1, 1);

  public Window {
    if (strideHeight < 1 || strideWidth < 1 || dilationHeight < 1 || dilationWidth < 1) {
      throw new IllegalArgumentException(
          "strides and dilations must be at least 1: strides %d x %d, dilations %d x %d"
              .formatted(strideHeight, strideWidth, dilationHeight, dilationWidth));
    }
  }
}
