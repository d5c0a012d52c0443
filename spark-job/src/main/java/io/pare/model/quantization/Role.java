package io.pare.model.quantization;

import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.Optional;
import java.util.Set;

/** What a node means for codes of eight bits. */
enum Role {
  /** Multiplies its input by constant weights and adds a constant bias. */
  WEIGHTED,
  /** Computes one tensor from several. */
  JOINED,
  /** Computes averages. */
  AVERAGED,
  /** Moves or selects values and changes none: its output has its input's codes. */
  MOVED,
  /** Cuts values off, which codes do by themselves. */
  CLAMPED,
  /** Anything else, which computes in floats. */
  FLOAT;

  private static final Set<String> MOVING =
      Set.of(
          "MaxPool", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Gather", "Slice");
  private static final Set<String> AVERAGING = Set.of("AveragePool", "GlobalAveragePool");

  static Role of(OnnxNetwork network, Onnx.NodeProto node) {
    if (!OnnxNetwork.isStandard(node)) {
      return FLOAT;
    }
    boolean one = node.getOutputList().stream().filter(output -> !output.isEmpty()).count() == 1;
    String operator = node.getOpType();
    boolean moves = MOVING.contains(operator) || repeats(node);
    if (moves && one && network.constant(node.getInput(0)).isEmpty()) {
      return MOVED;
    }
    if (AVERAGING.contains(operator)) {
      return AVERAGED;
    }
    return switch (operator) {
      case "Conv", "Gemm", "MatMul" -> weighted(network, node) ? WEIGHTED : FLOAT;
      case "Add", "Concat" ->
          node.getInputList().stream().allMatch(input -> network.constant(input).isEmpty())
              ? JOINED
              : FLOAT;
      case "Relu", "Clip" -> CLAMPED;
      default -> FLOAT;
    };
  }

  /** Whether a node makes maps larger and gives no values but those that were there. */
  private static boolean repeats(Onnx.NodeProto node) {
    return node.getOpType().equals("Resize")
        && NodeAttributes.text(node, "mode", "nearest").equals("nearest");
  }

  private static boolean weighted(OnnxNetwork network, Onnx.NodeProto node) {
    Optional<Onnx.TensorProto> weights = weights(network, node);
    if (weights.isEmpty() || network.constant(node.getInput(0)).isPresent()) {
      return false;
    }
    boolean matrix = weights.get().getDimsCount() == 2;
    return biasFits(network, node)
        && switch (node.getOpType()) {
          case "Conv" -> true;
          case "MatMul" -> matrix;
          default ->
              matrix
                  && NodeAttributes.number(node, "transA", 0) == 0
                  && NodeAttributes.real(node, "alpha", 1) == 1
                  && NodeAttributes.real(node, "beta", 1) == 1;
        };
  }

  /** The constant weights of a node, in single precision. */
  static Optional<Onnx.TensorProto> weights(OnnxNetwork network, Onnx.NodeProto node) {
    return network
        .constant(node.getInput(1))
        .filter(tensor -> tensor.getDataType() == Onnx.TensorProto.DataType.FLOAT_VALUE);
  }

  /** The constant bias of a node, in single precision; empty where it has none, or another. */
  static Optional<Onnx.TensorProto> bias(OnnxNetwork network, Onnx.NodeProto node) {
    return hasBias(node)
        ? network
            .constant(node.getInput(2))
            .filter(tensor -> tensor.getDataType() == Onnx.TensorProto.DataType.FLOAT_VALUE)
        : Optional.empty();
  }

  private static boolean hasBias(Onnx.NodeProto node) {
    return node.getInputCount() > 2 && !node.getInput(2).isEmpty();
  }

  private static boolean biasFits(OnnxNetwork network, Onnx.NodeProto node) {
    return !hasBias(node)
        || bias(network, node)
            .filter(bias -> Tensors.elements(bias) == channels(network, node))
            .isPresent();
  }

  /** The output channels of a weighted node. */
  static int channels(OnnxNetwork network, Onnx.NodeProto node) {
    return Math.toIntExact(weights(network, node).orElseThrow().getDims(channelAxis(node)));
  }

  /** How many weights of one output channel meet the same input channel, one after the other. */
  static int taps(Onnx.NodeProto node, Onnx.TensorProto weights) {
    return isProduct(node)
        ? 1
        : (int) (Tensors.elements(weights) / weights.getDims(0) / Math.max(1, weights.getDims(1)));
  }

  /** The axis of its first input that counts channels, from the end where it is below 0. */
  static int inputAxis(Onnx.NodeProto node) {
    return isProduct(node) ? -1 : 1;
  }

  /** Whether a weighted node is a product of matrices rather than a convolution. */
  static boolean isProduct(Onnx.NodeProto node) {
    return !node.getOpType().equals("Conv");
  }

  /** The axis of the weights that counts output channels. */
  static int channelAxis(Onnx.NodeProto node) {
    return switch (node.getOpType()) {
      case "Conv" -> 0;
      case "MatMul" -> 1;
      default -> NodeAttributes.number(node, "transB", 0) == 1 ? 0 : 1;
    };
  }
}
