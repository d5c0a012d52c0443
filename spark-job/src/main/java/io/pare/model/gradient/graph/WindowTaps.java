package io.pare.model.gradient.graph;

import io.pare.model.Convolution.AutoPadding;
import io.pare.model.NodeAttributes;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a convolution's kernel or a pool's window moves over maps of any number of axes, with its
 * padding in numbers.
 *
 * @param kernel taps along each axis
 * @param strides steps between windows
 * @param dilations distances between taps
 * @param before zeros in front of each axis
 * @param after zeros behind it
 * @param in lengths of the axes it moves over
 * @param out windows along each axis
 */
@SuppressWarnings("ArrayRecordComponent")
public record WindowTaps(
    long[] kernel,
    long[] strides,
    long[] dilations,
    long[] before,
    long[] after,
    long[] in,
    long[] out) {

  /**
   * The window of a Conv, ConvTranspose or pool.
   *
   * @param maps dimensions of what it moves over, images and channels first
   * @param windows dimensions of what comes of it
   */
  public static WindowTaps of(Onnx.NodeProto node, long[] kernel, long[] maps, long[] windows) {
    int axes = kernel.length;
    long[] strides = numbers(node, "strides", axes, 1);
    long[] dilations = numbers(node, "dilations", axes, 1);
    long[] pads = numbers(node, "pads", 2 * axes, 0);
    long[] before = Arrays.copyOf(pads, axes);
    long[] after = Arrays.copyOfRange(pads, axes, 2 * axes);
    long[] in = Arrays.copyOfRange(maps, 2, maps.length);
    long[] out = Arrays.copyOfRange(windows, 2, windows.length);
    String automatic = NodeAttributes.text(node, "auto_pad", "NOTSET");
    if (automatic.startsWith("SAME") || automatic.equals("VALID")) {
      for (int a = 0; a < axes; a++) {
        long extent = dilations[a] * (kernel[a] - 1) + 1;
        AutoPadding padding = AutoPadding.of(automatic, in[a], out[a], strides[a], extent);
        before[a] = padding.before();
        after[a] = padding.after();
      }
    }
    return new WindowTaps(kernel, strides, dilations, before, after, in, out);
  }

  private static long[] numbers(Onnx.NodeProto node, String name, int count, long absent) {
    int[] values = NodeAttributes.numbers(node, name);
    long[] numbers = new long[count];
    Arrays.setAll(numbers, i -> values.length == 0 ? absent : values[i]);
    return numbers;
  }

  public int axes() {
    return kernel.length;
  }

  /** Taps of the whole kernel. */
  public int taps() {
    return (int) product(kernel);
  }

  /** Windows of one map. */
  public long positions() {
    return product(out);
  }

  /** Rows and columns from a window's first tap to its last, both included. */
  public long extent(int axis) {
    return dilations[axis] * (kernel[axis] - 1) + 1;
  }

  /** Whether every window is the value at its place. */
  public boolean isPointwise() {
    return taps() == 1 && isDense() && zero(before) && zero(after);
  }

  /** Whether windows follow each other without a step. */
  boolean isDense() {
    return Arrays.stream(strides).allMatch(stride -> stride == 1);
  }

  private static boolean zero(long[] values) {
    return Arrays.stream(values).allMatch(value -> value == 0);
  }

  public static long product(long[] values) {
    return Arrays.stream(values).reduce(1, Math::multiplyExact);
  }

  /** Rows of the input behind the last window. */
  public long left(int axis) {
    return in[axis] + before[axis] + after[axis] - (out[axis] - 1) * strides[axis] - extent(axis);
  }

  /** What each tap meets: one map for each, of the size of the output, the last axis fastest. */
  public List<String> shifted(GraphWriter graph, String maps) {
    int axes = axes();
    long[] pads = new long[2 * (axes + 2)];
    for (int a = 0; a < axes; a++) {
      pads[2 + a] = before[a];
      pads[axes + 4 + a] = Math.max(0, after[a]);
    }
    String padded = graph.pad(maps, pads);
    int[] along = IntStream.range(2, axes + 2).toArray();
    List<String> shifted = new ArrayList<>();
    for (int tap = 0; tap < taps(); tap++) {
      shifted.add(graph.slice(padded, along, starts(tap), out, strides));
    }
    return shifted;
  }

  private long[] starts(int tap) {
    long[] starts = new long[axes()];
    int rest = tap;
    for (int a = axes() - 1; a >= 0; a--) {
      starts[a] = rest % kernel[a] * dilations[a];
      rest /= (int) kernel[a];
    }
    return starts;
  }

  /** Padding in ONNX's order. */
  public long[] pads() {
    long[] pads = Arrays.copyOf(before, 2 * axes());
    System.arraycopy(after, 0, pads, axes(), axes());
    return pads;
  }
}
