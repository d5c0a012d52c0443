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
  public boolean isDense() {
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

  /**
   * What each tap meets: maps of the size of the output, in the order of the taps, the last axis
   * fastest.
   *
   * @param firstAxis of the maps that the window moves over
   */
  public List<String> shifted(GraphWriter graph, String maps, int firstAxis) {
    long[] pads = none();
    for (int a = 0; a < axes(); a++) {
      pads[firstAxis + a] = before[a];
      pads[axes() + 2 + firstAxis + a] = Math.max(0, after[a]);
    }
    String padded = graph.pad(maps, pads);
    int[] along = IntStream.range(firstAxis, firstAxis + axes()).toArray();
    List<String> shifted = new ArrayList<>();
    for (int tap = 0; tap < taps(); tap++) {
      shifted.add(graph.slice(padded, along, starts(tap), out, strides));
    }
    return shifted;
  }

  /**
   * Without the windows of steps of 1 that meet nothing but padding: what remains gives the same
   * gradients.
   */
  public WindowTaps inner() {
    if (!isDense()) {
      return this;
    }
    long[] less = out.clone();
    long[] front = before.clone();
    long[] behind = after.clone();
    for (int a = 0; a < axes(); a++) {
      front[a] = Math.min(before[a], extent(a) - 1);
      behind[a] = Math.min(after[a], extent(a) - 1);
      less[a] -= before[a] - front[a] + after[a] - behind[a];
    }
    return new WindowTaps(kernel, strides, dilations, front, behind, in, less);
  }

  /** Of values at all windows, those at the {@link #inner} ones. */
  public String cutToInner(GraphWriter graph, String values) {
    WindowTaps inner = inner();
    long[] pads = none();
    for (int a = 0; a < axes(); a++) {
      pads[front(a)] = inner.before[a] - before[a];
      pads[behind(a)] = inner.after[a] - after[a];
    }
    return graph.pad(values, pads);
  }

  /**
   * Padding of the convolution with the turned kernel that leads back from the {@link #inner}
   * windows to maps, for steps of 1.
   */
  public long[] padsBack() {
    long[] pads = new long[2 * axes()];
    for (int a = 0; a < axes(); a++) {
      pads[a] = extent(a) - 1 - before[a];
      pads[axes() + a] = extent(a) - 1 - after[a];
    }
    return pads;
  }

  /** Whether every tap of the last axis meets something, in steps of 1. */
  public boolean canMove() {
    int last = axes() - 1;
    return isDense() && in[last] >= extent(last);
  }

  /**
   * Maps in their padding, once for each tap along the last axis: what it meets there.
   *
   * @return {@link #movedPositions} of each map
   */
  public List<String> movedAlongLast(GraphWriter graph, String maps) {
    int last = axes() - 1;
    List<String> moved = new ArrayList<>();
    for (int k = 0; k < kernel[last]; k++) {
      long[] pads = none();
      for (int a = 0; a < last; a++) {
        pads[front(a)] = before[a];
        pads[behind(a)] = after[a];
      }
      pads[front(last)] = before[last] - k * dilations[last];
      pads[behind(last)] = out[last] - in[last] - pads[front(last)];
      moved.add(graph.pad(maps, pads));
    }
    return moved;
  }

  /**
   * Values at all windows between zeros, once for each tap along all axes but the last: as far from
   * the front as what it meets.
   *
   * @return {@link #movedPositions} of each map
   */
  public List<String> movedAlongOthers(GraphWriter graph, String values) {
    int last = axes() - 1;
    List<String> moved = new ArrayList<>();
    for (int tap = 0; tap < taps(); tap += (int) kernel[last]) {
      long[] starts = starts(tap);
      long[] pads = none();
      for (int a = 0; a < last; a++) {
        pads[front(a)] = starts[a];
        pads[behind(a)] = extent(a) - 1 - starts[a];
      }
      moved.add(graph.pad(values, pads));
    }
    return moved;
  }

  /** Positions of maps and windows that were moved against each other. */
  public long movedPositions() {
    int last = axes() - 1;
    long positions = out[last];
    for (int a = 0; a < last; a++) {
      positions *= out[a] + extent(a) - 1;
    }
    return positions;
  }

  private long[] none() {
    return new long[2 * (axes() + 2)];
  }

  private static int front(int axis) {
    return 2 + axis;
  }

  private int behind(int axis) {
    return axes() + 4 + axis;
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
