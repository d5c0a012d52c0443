package io.pare.algorithm.structure;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/**
 * How a layer's kernel moves over its input, axis by axis: rows and columns of images, one axis of
 * signals, three of volumes.
 *
 * @param axes outermost first
 * @param transposed whether the kernel moves over the output instead, as in ONNX's ConvTranspose:
 *     an output then reads the inputs whose kernels reach it
 */
public record Window(List<Axis> axes, boolean transposed) implements Serializable {

  /** A 1 x 1 kernel at every position: also that of a fully connected layer. */
  public static final Window POINTWISE = pointwise(2);

  /**
   * One axis, in pixels; all explicit, ONNX's auto_pad resolved for the measured input size.
   *
   * @param size length of the input; 0 where it is not known
   * @param taps of the kernel, at least 1
   * @param stride step between outputs, of a transposed window between inputs; at least 1
   * @param before zeros in front of the input, of a transposed window outputs cut off there
   * @param after zeros behind it, or outputs cut off; below zero where a transposed window adds
   *     some
   * @param dilation distance between taps, at least 1
   */
  public record Axis(int size, int taps, int stride, int before, int after, int dilation)
      implements Serializable {
    /** One tap at every position. */
    public static final Axis POINTWISE = new Axis(0, 1, 1, 0, 0, 1);

    public Axis {
      if (taps < 1 || stride < 1 || dilation < 1) {
        throw new IllegalArgumentException(
            "taps, stride and dilation must be at least 1: %d, %d, %d"
                .formatted(taps, stride, dilation));
      }
    }

    /** From the first tap to the last, both included. */
    public int extent() {
      return dilation * (taps - 1) + 1;
    }
  }

  public Window {
    axes = List.copyOf(axes);
  }

  /** A kernel of one tap over so many axes. */
  public static Window pointwise(int axes) {
    return new Window(Collections.nCopies(axes, Axis.POINTWISE), false);
  }

  /** Taps of the whole kernel. */
  public int taps() {
    return axes.stream().mapToInt(Axis::taps).reduce(1, Math::multiplyExact);
  }

  /** Taps along all axes but the last: what counts as the rows of the kernel. */
  public int rows() {
    return taps() / columns();
  }

  /** Taps along the last axis. */
  public int columns() {
    return axes.get(axes.size() - 1).taps();
  }

  /** Outputs along an axis, whose size must be known. */
  public int outputs(int axis) {
    Axis its = axes.get(axis);
    return transposed
        ? (its.size - 1) * its.stride + its.extent() - its.before - its.after
        : (its.size + its.before + its.after - its.extent()) / its.stride + 1;
  }

  /** The place along an axis that an output reads through a tap; -1 where it reads a zero. */
  public int source(int axis, int output, int tap) {
    Axis its = axes.get(axis);
    int place = output * its.stride - its.before + tap * its.dilation;
    if (transposed) {
      int reach = output + its.before - tap * its.dilation;
      place = reach % its.stride == 0 ? reach / its.stride : -1;
    }
    return place >= 0 && place < its.size ? place : -1;
  }
}
