package io.pare.model;

import io.pare.algorithm.structure.Window;
import io.pare.model.proto.Onnx;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Says why a Conv, Gemm or MatMul cannot be compressed.
 *
 * @param network that holds the node
 * @param shapes what was measured of it
 */
record LayerObstacles(OnnxNetwork network, NetworkShapes shapes) {
  private static final Set<String> UNPACKING =
      Set.of("BitShift", "Mod", "Concat", "Cast", "Gather", "Reshape");

  /** The first reason in words for people; empty for a layer that can be compressed. */
  Optional<String> of(Onnx.NodeProto node) {
    String name = node.getInput(1);
    Optional<Onnx.TensorProto> weight = network.constant(name);
    if (isDequantized(name)) {
      return Optional.of("already quantised, nothing to do");
    }
    if (weight.isEmpty()) {
      return Optional.of(
          weights(node).equals(name)
              ? "its weights are computed by the network, not constant"
              : "its weights stand on the left of what they multiply");
    }
    int type = weight.get().getDataType();
    if (type != Onnx.TensorProto.DataType.FLOAT_VALUE
        && type != Onnx.TensorProto.DataType.FLOAT16_VALUE) {
      return Optional.of(
          "its weights are "
              + Onnx.TensorProto.DataType.forNumber(type)
              + ", only FLOAT and FLOAT16 can be compressed");
    }
    if (network.isOutput(name)) {
      return Optional.of("its weights are an output of the network");
    }
    LayerNodes own = LayerNodes.around(network, node);
    if (!network.consumers(name).stream()
        .allMatch(
            reader ->
                LayerFinder.isLayer(reader)
                    && own.isAlike(network, LayerNodes.around(network, reader)))) {
      return Optional.of("its weights are shared with nodes of another kind or with another bias");
    }
    return LayerNodes.isConvolution(node)
        ? convolutionObstacle(node, weight.get())
        : productObstacle(node, weight.get());
  }

  /** The input that holds the weights: a product can have them on its left. */
  String weights(Onnx.NodeProto node) {
    boolean left =
        !LayerNodes.isConvolution(node)
            && network.constant(node.getInput(0)).isPresent()
            && network.constant(node.getInput(1)).isEmpty()
            && !isDequantized(node.getInput(1));
    return node.getInput(left ? 0 : 1);
  }

  private Optional<String> convolutionObstacle(Onnx.NodeProto node, Onnx.TensorProto weight) {
    boolean transposed = node.getOpType().equals("ConvTranspose");
    long groups = NodeAttributes.number(node, "group", 1);
    if (groups > 1 && (transposed ? weight.getDims(0) / groups : weight.getDims(1)) == 1) {
      return Optional.of("depthwise: one input channel a group");
    }
    if (!hasVectorBias(node, transposed ? groups * weight.getDims(1) : weight.getDims(0))) {
      return Optional.of("its bias is no constant vector of floats");
    }
    if (transposed && !hasWrittenPadding(node)) {
      return Optional.of("a transposed convolution whose padding follows from the output size");
    }
    if (window(node, weight).isEmpty()) {
      return Optional.of("its automatic padding depends on an input size that is not known");
    }
    return Optional.empty();
  }

  private static boolean hasWrittenPadding(Onnx.NodeProto node) {
    String automatic = NodeAttributes.text(node, "auto_pad", "NOTSET");
    return (automatic.isEmpty() || automatic.equals("NOTSET"))
        && NodeAttributes.find(node, "output_shape").isEmpty();
  }

  private Optional<String> productObstacle(Onnx.NodeProto node, Onnx.TensorProto weight) {
    if (weight.getDimsCount() != 2) {
      return Optional.of("its weights have " + weight.getDimsCount() + " dimensions, not 2");
    }
    if (NodeAttributes.number(node, "transA", 0) != 0) {
      return Optional.of("its input is transposed (transA)");
    }
    long outputs = weight.getDims(NodeAttributes.number(node, "transB", 0) == 0 ? 1 : 0);
    if (node.getOpType().equals("Gemm") && !hasVectorBias(node, outputs)) {
      return Optional.of("its bias is no constant vector of floats");
    }
    return Optional.empty();
  }

  private boolean hasVectorBias(Onnx.NodeProto node, long outputs) {
    if (node.getInputCount() < 3 || node.getInput(2).isEmpty()) {
      return true;
    }
    Predicate<Onnx.TensorProto> oneRow =
        bias ->
            IntStream.range(0, bias.getDimsCount() - 1).allMatch(i -> bias.getDims(i) == 1)
                && (Tensors.elements(bias) == outputs || Tensors.elements(bias) == 1);
    return network.constant(node.getInput(2)).filter(Tensors::isFloat).filter(oneRow).isPresent();
  }

  /** Whether a tensor is a constant of integers made floats again. */
  boolean isDequantized(String tensor) {
    return network
        .producer(tensor)
        .filter(node -> node.getOpType().equals("DequantizeLinear"))
        .filter(node -> isUnpacked(node.getInput(0)))
        .isPresent();
  }

  /** Whether a tensor is a constant, or what nodes that take codes apart make of one. */
  private boolean isUnpacked(String tensor) {
    return network.constant(tensor).isPresent()
        || network
            .producer(tensor)
            .filter(node -> UNPACKING.contains(node.getOpType()))
            .filter(node -> node.getInputList().stream().allMatch(this::isUnpacked))
            .isPresent();
  }

  /** The window of a convolution; empty where its padding depends on an unknown size. */
  Optional<Window> window(Onnx.NodeProto node, Onnx.TensorProto weight) {
    return Convolution.of(node, Tensors.dims(weight)).resolve(shapes.of(node.getInput(0)));
  }
}
