package io.pare.algorithm.structure;

import java.io.Serializable;

/**
 * Where a layer is evaluated for one image: the sizes of the feature maps it reads and writes. A
 * fully connected layer reads and writes one row of as many positions as it has input vectors; the
 * slices of a volume lie below each other, and the columns of a signal in one row.
 *
 * @param inputHeight rows read, padding not counted
 * @param inputWidth columns read, padding not counted
 * @param outputHeight rows written
 * @param outputWidth columns written
 * @param transposed whether the kernel is applied at every position read rather than written
 */
public record Geometry(
    int inputHeight, int inputWidth, int outputHeight, int outputWidth, boolean transposed)
    implements Serializable {

  /** The sizes are not known: every count of multiply-accumulates is then zero. */
  public static final Geometry UNKNOWN = new Geometry(0, 0, 0, 0);

  /** The maps of a layer that is no transposed convolution. */
  public Geometry(int inputHeight, int inputWidth, int outputHeight, int outputWidth) {
    this(inputHeight, inputWidth, outputHeight, outputWidth, false);
  }

  public Geometry {
    boolean known = inputHeight > 0 && inputWidth > 0 && outputHeight > 0 && outputWidth > 0;
    boolean unknown = inputHeight == 0 && inputWidth == 0 && outputHeight == 0 && outputWidth == 0;
    if (!known && !unknown) {
      throw new IllegalArgumentException(
          "feature maps of %d x %d and %d x %d cannot be"
              .formatted(inputHeight, inputWidth, outputHeight, outputWidth));
    }
  }

  /** Whether the sizes have been measured. */
  public boolean isKnown() {
    return outputWidth > 0;
  }

  /** Positions read. */
  public long inputPositions() {
    return (long) inputHeight * inputWidth;
  }

  /** Positions at which the whole kernel is applied. */
  public long kernelPositions() {
    return transposed ? inputPositions() : outputPositions();
  }

  /** Positions written. */
  public long outputPositions() {
    return (long) outputHeight * outputWidth;
  }
}
