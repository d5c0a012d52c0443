package io.pare.model;

import io.pare.InputException;
import io.pare.model.proto.Onnx;
import java.io.Serializable;
import java.util.List;
import java.util.OptionalInt;

/**
 * The shape of one image as a network takes it.
 *
 * @param channels colours
 * @param height rows
 * @param width columns
 * @param layout order of the dimensions
 */
public record InputShape(int channels, int height, int width, Layout layout)
    implements Serializable {
  private static final int DIMENSIONS = 4;
  private static final int RGB = 3;
  private static final int LARGEST = 65_536;
  private static final int RGB_ALPHA = 4;

  /** The order of a batch's dimensions. */
  public enum Layout {
    /** Images, channels, rows, columns: ONNX's own. */
    NCHW,
    /** Images, rows, columns, channels: networks that came from TensorFlow. */
    NHWC
  }

  public InputShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "an image of %d x %d x %d cannot be".formatted(channels, height, width));
    }
  }

  /** Values of one image. */
  public int values() {
    return Math.multiplyExact(channels, Math.multiplyExact(height, width));
  }

  /** The dimensions of a batch. */
  public long[] batch(int images) {
    return layout == Layout.NCHW
        ? new long[] {images, channels, height, width}
        : new long[] {images, height, width, channels};
  }

  /**
   * Takes the shape that the network declares, and the given sizes where it leaves them open. The
   * channels are the dimension of 1, 3 or 4 behind the images (NCHW) or at the end (NHWC); where
   * neither is one, NCHW is taken; open channels are three.
   *
   * @throws InputException for an input that is no image, an open size that is not given, or a
   *     given size that contradicts the network
   */
  static InputShape of(Onnx.ValueInfoProto input, OptionalInt height, OptionalInt width) {
    List<Onnx.TensorShapeProto.Dimension> dims =
        input.getType().getTensorType().getShape().getDimList();
    if (dims.size() != DIMENSIONS) {
      throw InputException.data(
          "network input "
              + input.getName()
              + " has "
              + dims.size()
              + " dimensions; Pare compresses networks whose input is a batch of images (4)");
    }
    fitting(input.getName(), dims.get(0).getDimValue());
    int first = rows(dims);
    boolean channelsLast = first == 1;
    Onnx.TensorShapeProto.Dimension colours = dims.get(channelsLast ? 3 : 1);
    return new InputShape(
        colours.getDimValue() > 0 ? fitting(input.getName(), colours.getDimValue()) : RGB,
        size(input.getName(), "height", dims.get(first), height),
        size(input.getName(), "width", dims.get(first + 1), width),
        channelsLast ? Layout.NHWC : Layout.NCHW);
  }

  /** Whether an input leaves the sizes open or declares these. */
  static boolean takes(Onnx.ValueInfoProto input, int height, int width) {
    List<Onnx.TensorShapeProto.Dimension> dims =
        input.getType().getTensorType().getShape().getDimList();
    return dims.size() != DIMENSIONS
        || (fits(dims.get(rows(dims)), height) && fits(dims.get(rows(dims) + 1), width));
  }

  private static boolean fits(Onnx.TensorShapeProto.Dimension dim, int size) {
    return dim.getDimValue() <= 0 || dim.getDimValue() == size;
  }

  /** Leaves the height and the width of an input of four dimensions open. */
  static void openSize(Onnx.ValueInfoProto.Builder input) {
    Onnx.TensorShapeProto.Builder shape =
        input.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
    int rows = rows(shape.getDimList());
    shape.getDimBuilder(rows).setDimParam("height");
    shape.getDimBuilder(rows + 1).setDimParam("width");
  }

  /** The place of the height among the dimensions of a batch; the width is behind it. */
  private static int rows(List<Onnx.TensorShapeProto.Dimension> dims) {
    return !isColours(dims.get(1)) && isColours(dims.get(3)) ? 1 : 2;
  }

  private static boolean isColours(Onnx.TensorShapeProto.Dimension dim) {
    long value = dim.getDimValue();
    return value == 1 || value == RGB || value == RGB_ALPHA;
  }

  private static int size(
      String input, String name, Onnx.TensorShapeProto.Dimension dim, OptionalInt given) {
    long declared = dim.getDimValue();
    if (declared <= 0) {
      return given.orElseThrow(
          () ->
              InputException.data(
                  "network input " + input + " leaves its " + name + " open; give input-size"));
    }
    if (given.isPresent() && given.getAsInt() != declared) {
      throw InputException.data(
          "network input %s takes a %s of %d, not the %d given; give %d or leave it out"
              .formatted(input, name, declared, given.getAsInt(), declared));
    }
    return fitting(input, declared);
  }

  private static int fitting(String input, long dim) {
    if (dim > LARGEST) {
      throw InputException.data(
          "network input %s declares a dimension of %d; the limit is %d"
              .formatted(input, dim, LARGEST));
    }
    return (int) dim;
  }
}
