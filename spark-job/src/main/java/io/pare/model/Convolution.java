package io.pare.model;

import io.pare.algorithm.structure.Taps;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The window of a Conv node as ONNX writes it. With auto_pad the padding depends on the size of the
 * input and stays automatic when the node is rewritten, so that a network for images of any size
 * remains one: each axis is padded on its own, and a kernel of 1 with stride 1 gets none.
 *
 * @param window as written; its padding is zero where {@code autoPad} decides
 * @param autoPad NOTSET, VALID, SAME_UPPER or SAME_LOWER
 */
public record Convolution(Window window, String autoPad) {
  private static final String EXPLICIT = "NOTSET";

  /** Reads a two-dimensional Conv node. */
  public static Convolution of(Onnx.NodeProto node) {
    int[] strides = NodeAttributes.numbers(node, "strides", 1, 1);
    int[] dilations = NodeAttributes.numbers(node, "dilations", 1, 1);
    String autoPad = NodeAttributes.text(node, "auto_pad", EXPLICIT);
    int[] pads =
        autoPad.equals(EXPLICIT)
            ? NodeAttributes.numbers(node, "pads", 0, 0, 0, 0)
            : new int[] {0, 0, 0, 0};
    return new Convolution(
        new Window(
            strides[0], strides[1], pads[0], pads[1], pads[2], pads[3], dilations[0], dilations[1]),
        autoPad.isEmpty() ? EXPLICIT : autoPad);
  }

  /** A window of one position that moves by one. */
  public static Convolution pointwise() {
    return new Convolution(Window.POINTWISE, EXPLICIT);
  }

  /** The part of the window that a factor of the kernel has. */
  public Convolution of(Taps taps) {
    return switch (taps) {
      case ONE -> pointwise();
      case ROWS -> vertical();
      case COLUMNS -> horizontal();
      case ALL -> this;
    };
  }

  /** The part that moves over rows. */
  private Convolution vertical() {
    return new Convolution(
        new Window(
            window.strideHeight(),
            1,
            window.padTop(),
            0,
            window.padBottom(),
            0,
            window.dilationHeight(),
            1),
        autoPad);
  }

  /** The part that moves over columns. */
  private Convolution horizontal() {
    return new Convolution(
        new Window(
            1,
            window.strideWidth(),
            0,
            window.padLeft(),
            0,
            window.padRight(),
            1,
            window.dilationWidth()),
        autoPad);
  }

  /** The attributes of a Conv node with this window. */
  public List<Onnx.AttributeProto> attributes(int groups, int kernelHeight, int kernelWidth) {
    List<Onnx.AttributeProto> attributes = new ArrayList<>();
    attributes.add(
        NodeAttributes.numbers("dilations", window.dilationHeight(), window.dilationWidth()));
    attributes.add(NodeAttributes.number("group", groups));
    attributes.add(NodeAttributes.numbers("kernel_shape", kernelHeight, kernelWidth));
    attributes.add(
        autoPad.equals(EXPLICIT)
            ? NodeAttributes.numbers(
                "pads", window.padTop(), window.padLeft(), window.padBottom(), window.padRight())
            : NodeAttributes.text("auto_pad", autoPad));
    attributes.add(NodeAttributes.numbers("strides", window.strideHeight(), window.strideWidth()));
    return attributes;
  }

  /**
   * The window with its padding in numbers.
   *
   * @param input dimensions of the tensor read, where they are known
   * @return empty where the padding depends on an unknown size
   */
  public Optional<Window> resolve(Optional<long[]> input, int kernelHeight, int kernelWidth) {
    if (!autoPad.startsWith("SAME")) {
      return Optional.of(window);
    }
    if (input.isEmpty() || input.get().length != 4) {
      return Optional.empty();
    }
    int rows =
        padding(input.get()[2], window.strideHeight(), window.dilationHeight(), kernelHeight);
    int columns =
        padding(input.get()[3], window.strideWidth(), window.dilationWidth(), kernelWidth);
    int more = autoPad.equals("SAME_LOWER") ? 1 : 0;
    int top = (rows + more) / 2;
    int left = (columns + more) / 2;
    return Optional.of(
        new Window(
            window.strideHeight(),
            window.strideWidth(),
            top,
            left,
            rows - top,
            columns - left,
            window.dilationHeight(),
            window.dilationWidth()));
  }

  /** ONNX, Conv, auto_pad: as many outputs as strides fit into the input, rounded up. */
  private static int padding(long size, int stride, int dilation, int kernel) {
    long outputs = (size + stride - 1) / stride;
    long extent = (long) dilation * (kernel - 1) + 1;
    return Math.toIntExact(Math.max(0, (outputs - 1) * stride + extent - size));
  }
}
