package io.pare.model.inference.trial;

import io.pare.InputException;
import io.pare.model.InputShape;
import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Follows the height and width of an image through a network as far as arithmetic tells them, and
 * refuses a window that leaves no row or no column: ONNX Runtime divides by it and takes the
 * process along. The sizes are those of ONNX's operator specification (Conv, ConvTranspose,
 * MaxPool, AveragePool, LpPool and the quantised convolutions); behind an operator that is not
 * known here they are unknown until the end of that path. Not thread-safe.
 */
final class WindowSizes {
  private static final int AXES = 2;
  private static final int DIMENSIONS = 4;
  private static final Set<String> CONVOLUTIONS = Set.of("Conv", "ConvInteger");
  private static final Set<String> POOLS = Set.of("MaxPool", "AveragePool", "LpPool");
  private static final Set<String> ELEMENTWISE =
      Set.of(
          "Relu",
          "LeakyRelu",
          "PRelu",
          "Elu",
          "Selu",
          "Celu",
          "Clip",
          "Sigmoid",
          "HardSigmoid",
          "HardSwish",
          "Mish",
          "Gelu",
          "Softplus",
          "Softsign",
          "Tanh",
          "Erf",
          "Exp",
          "Log",
          "Sqrt",
          "Abs",
          "Neg",
          "Identity",
          "Dropout",
          "Cast",
          "LRN",
          "BatchNormalization",
          "InstanceNormalization",
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Pow",
          "Max",
          "Min",
          "Sum",
          "Mean",
          "QuantizeLinear",
          "DequantizeLinear");

  private final String name;
  private final OnnxNetwork network;
  private final InputShape image;
  private final Map<String, long[]> sizes = new HashMap<>();

  /**
   * Sizes of a network.
   *
   * @param name how to call it in errors
   * @param image that it is given
   */
  WindowSizes(String name, OnnxNetwork network, InputShape image) {
    this.name = name;
    this.network = network;
    this.image = image;
  }

  /**
   * Follows the image to all outputs.
   *
   * @throws InputException for the first window that leaves nothing
   */
  void check() {
    if (image.layout() == InputShape.Layout.NCHW) {
      sizes.put(network.inputName(), new long[] {image.height(), image.width()});
    }
    for (Onnx.NodeProto node : network.nodes()) {
      if (node.getOutputCount() > 0 && OnnxNetwork.isStandard(node)) {
        size(node).ifPresent(size -> sizes.put(node.getOutput(0), size));
      }
    }
  }

  private Optional<long[]> size(Onnx.NodeProto node) {
    String operator = node.getOpType();
    if (CONVOLUTIONS.contains(operator) || operator.equals("ConvTranspose")) {
      return windowed(node, kernel(node, 1));
    }
    if (operator.equals("QLinearConv")) {
      return windowed(node, kernel(node, 3));
    }
    if (POOLS.contains(operator)) {
      return windowed(node, kernel(node, node.getInputCount()));
    }
    if (operator.equals("Transpose") && node.getInput(0).equals(network.inputName())) {
      boolean channelsFirst =
          Arrays.equals(NodeAttributes.numbers(node, "perm"), new int[] {0, 3, 1, 2});
      return channelsFirst && image.layout() == InputShape.Layout.NHWC
          ? Optional.of(new long[] {image.height(), image.width()})
          : Optional.empty();
    }
    if (operator.equals("Concat") && NodeAttributes.number(node, "axis", 0) == 1) {
      return node.getInputList().stream().map(sizes::get).filter(s -> s != null).findFirst();
    }
    return ELEMENTWISE.contains(operator) ? broadcast(node) : Optional.empty();
  }

  /** The larger of two sizes, if all that are no constants are known. */
  private Optional<long[]> broadcast(Onnx.NodeProto node) {
    long[] size = {0, 0};
    for (String input : node.getInputList()) {
      if (input.isEmpty() || network.constant(input).isPresent()) {
        continue;
      }
      long[] known = sizes.get(input);
      if (known == null) {
        return Optional.empty();
      }
      for (int axis = 0; axis < AXES; axis++) {
        size[axis] = Math.max(size[axis], known[axis]);
      }
    }
    return size[0] == 0 ? Optional.empty() : Optional.of(size);
  }

  /** The extents of a window, from its attribute or from constant weights; else empty. */
  private Optional<int[]> kernel(Onnx.NodeProto node, int weights) {
    int[] extents = NodeAttributes.numbers(node, "kernel_shape");
    if (extents.length > 0) {
      return Optional.of(extents).filter(e -> e.length == AXES);
    }
    return weights >= node.getInputCount()
        ? Optional.empty()
        : network
            .constant(node.getInput(weights))
            .map(Tensors::dims)
            .filter(dims -> dims.length == DIMENSIONS)
            .map(dims -> new int[] {Math.toIntExact(dims[2]), Math.toIntExact(dims[3])});
  }

  private Optional<long[]> windowed(Onnx.NodeProto node, Optional<int[]> kernel) {
    long[] from = sizes.get(node.getInput(0));
    if (from == null || kernel.isEmpty()) {
      return Optional.empty();
    }
    long[] size =
        IntStream.range(0, AXES)
            .mapToLong(axis -> new Axis(node, axis, kernel.get()[axis]).output(from[axis]))
            .toArray();
    if (size[0] < 1 || size[1] < 1) {
      throw InputException.data(
          "%s: layer %s (%s): its window of %d x %d leaves no %s of a map of %d x %d, for images of %d x %d; give a larger input-size"
              .formatted(
                  name,
                  node.getName().isEmpty() ? node.getOutput(0) : node.getName(),
                  node.getOpType(),
                  kernel.get()[0],
                  kernel.get()[1],
                  size[0] < 1 ? "row" : "column",
                  from[0],
                  from[1],
                  image.height(),
                  image.width()));
    }
    return Optional.of(size);
  }

  /**
   * A window along one axis.
   *
   * @param node whose attributes place it
   * @param axis 0 for the height, 1 for the width
   * @param kernel its extent
   */
  private record Axis(Onnx.NodeProto node, int axis, long kernel) {

    long output(long input) {
      long extent = (kernel - 1) * at("dilations", axis, 1) + 1;
      long stride = at("strides", axis, 1);
      String autoPad = NodeAttributes.text(node, "auto_pad", "NOTSET");
      boolean same = autoPad.startsWith("SAME");
      if (node.getOpType().equals("ConvTranspose")) {
        List<Long> shape =
            NodeAttributes.find(node, "output_shape")
                .map(Onnx.AttributeProto::getIntsList)
                .orElse(List.of());
        long whole = stride * (input - 1) + at("output_padding", axis, 0) + extent;
        long grown = same ? input * stride : whole - pads(autoPad);
        return shape.size() >= AXES ? shape.get(shape.size() - AXES + axis) : grown;
      }
      if (same) {
        return (input + stride - 1) / stride;
      }
      long room = input + pads(autoPad) - extent;
      boolean up = NodeAttributes.number(node, "ceil_mode", 0) != 0;
      return Math.floorDiv(up ? room + stride - 1 : room, stride) + 1;
    }

    private long pads(String autoPad) {
      return autoPad.equals("VALID") ? 0 : at("pads", axis, 0) + at("pads", AXES + axis, 0);
    }

    private long at(String attribute, int place, int absent) {
      int[] values = NodeAttributes.numbers(node, attribute);
      return place < values.length ? values[place] : absent;
    }
  }
}
