package io.pare.model;

import io.pare.algorithm.structure.Taps;
import io.pare.algorithm.structure.Window;
import io.pare.algorithm.structure.Window.Axis;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The window of a Conv or ConvTranspose node as ONNX writes it, over any number of axes. With
 * auto_pad the padding depends on the size of the input and stays automatic when the node is
 * rewritten, so that a network for images of any size remains one: each axis is padded on its own,
 * and a kernel of 1 with stride 1 gets none.
 *
 * @param window as written, sizes not known; its padding is zero where {@code autoPad} decides
 * @param autoPad NOTSET, VALID, SAME_UPPER or SAME_LOWER
 */
public record Convolution(Window window, String autoPad) {
  private static final String EXPLICIT = "NOTSET";

  /**
   * The padding of one axis that ONNX's auto_pad gives: as much as the windows reach over the
   * input, the odd row behind it, or before it with SAME_LOWER. VALID and NOTSET give none.
   *
   * @param before zeros in front of the input
   * @param after zeros behind it
   */
  public record AutoPadding(long before, long after) {

    /**
     * The padding of an axis.
     *
     * @param autoPad ONNX's word
     * @param size length of the input
     * @param outputs number of windows
     * @param stride step between windows
     * @param extent from a window's first tap to its last, both included
     */
    public static AutoPadding of(
        String autoPad, long size, long outputs, long stride, long extent) {
      long total = autoPad.startsWith("SAME") ? (outputs - 1) * stride + extent - size : 0;
      long padding = Math.max(0, total);
      long before = (padding + (autoPad.equals("SAME_LOWER") ? 1 : 0)) / 2;
      return new AutoPadding(before, padding - before);
    }
  }

  /**
   * Reads a node.
   *
   * @param weight dimensions of its weights
   */
  public static Convolution of(Onnx.NodeProto node, long[] weight) {
    int axes = weight.length - 2;
    boolean transposed = OnnxNetwork.isStandard(node, "ConvTranspose");
    int[] strides = numbers(node, "strides", axes, 1);
    int[] dilations = numbers(node, "dilations", axes, 1);
    int[] more = numbers(node, "output_padding", axes, 0);
    String autoPad = NodeAttributes.text(node, "auto_pad", EXPLICIT);
    boolean explicit = autoPad.isEmpty() || autoPad.equals(EXPLICIT);
    int[] pads = explicit ? numbers(node, "pads", 2 * axes, 0) : new int[2 * axes];
    List<Axis> all =
        IntStream.range(0, axes)
            .mapToObj(
                a ->
                    new Axis(
                        0,
                        Math.toIntExact(weight[a + 2]),
                        strides[a],
                        pads[a],
                        pads[axes + a] - (transposed ? more[a] : 0),
                        dilations[a]))
            .toList();
    return new Convolution(new Window(all, transposed), explicit ? EXPLICIT : autoPad);
  }

  private static int[] numbers(Onnx.NodeProto node, String name, int count, int absent) {
    int[] values = NodeAttributes.numbers(node, name);
    return values.length == 0 ? IntStream.generate(() -> absent).limit(count).toArray() : values;
  }

  /** A window of one position that moves by one. */
  public static Convolution pointwise() {
    return new Convolution(Window.POINTWISE, EXPLICIT);
  }

  /** The part of the window that a factor of the kernel has. */
  public Convolution of(Taps taps) {
    int last = window.axes().size() - 1;
    if (taps == Taps.ONE) {
      return new Convolution(Window.pointwise(last + 1), EXPLICIT);
    }
    List<Axis> part = new ArrayList<>();
    for (int a = 0; a <= last; a++) {
      boolean spans = a == last ? taps.spansColumns() : taps.spansRows();
      part.add(spans ? window.axes().get(a) : Axis.POINTWISE);
    }
    return new Convolution(new Window(part, window.transposed()), autoPad);
  }

  /** The attributes of a node with this window. */
  public List<Onnx.AttributeProto> attributes(int groups) {
    List<Axis> axes = window.axes();
    List<Onnx.AttributeProto> attributes = new ArrayList<>();
    attributes.add(
        NodeAttributes.numbers("dilations", axes.stream().mapToLong(Axis::dilation).toArray()));
    attributes.add(NodeAttributes.number("group", groups));
    attributes.add(
        NodeAttributes.numbers("kernel_shape", axes.stream().mapToLong(Axis::taps).toArray()));
    if (axes.stream().anyMatch(axis -> axis.after() < 0)) {
      attributes.add(
          NodeAttributes.numbers(
              "output_padding", axes.stream().mapToLong(a -> Math.max(0, -a.after())).toArray()));
    }
    LongStream before = axes.stream().mapToLong(Axis::before);
    LongStream after = axes.stream().mapToLong(axis -> Math.max(0, axis.after()));
    attributes.add(
        autoPad.equals(EXPLICIT)
            ? NodeAttributes.numbers("pads", LongStream.concat(before, after).toArray())
            : NodeAttributes.text("auto_pad", autoPad));
    attributes.add(
        NodeAttributes.numbers("strides", axes.stream().mapToLong(Axis::stride).toArray()));
    return attributes;
  }

  /**
   * The window with its padding in numbers.
   *
   * @param input dimensions of the tensor read, where they are known
   * @return empty where the padding depends on an unknown size
   */
  public Optional<Window> resolve(Optional<long[]> input) {
    int axes = window.axes().size();
    Optional<long[]> dims = input.filter(known -> known.length == axes + 2);
    if (autoPad.startsWith("SAME") && dims.isEmpty()) {
      return Optional.empty();
    }
    List<Axis> resolved = new ArrayList<>();
    for (int a = 0; a < axes; a++) {
      Axis axis = window.axes().get(a);
      int place = a + 2;
      int size = Math.toIntExact(dims.map(known -> known[place]).orElse(0L));
      AutoPadding padding =
          autoPad.equals(EXPLICIT)
              ? new AutoPadding(axis.before(), axis.after())
              : AutoPadding.of(
                  autoPad,
                  size,
                  (size + axis.stride() - 1) / axis.stride(),
                  axis.stride(),
                  axis.extent());
      resolved.add(
          new Axis(
              size,
              axis.taps(),
              axis.stride(),
              Math.toIntExact(padding.before()),
              Math.toIntExact(padding.after()),
              axis.dilation()));
    }
    return Optional.of(new Window(resolved, window.transposed()));
  }
}
