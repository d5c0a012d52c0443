package io.pare.model.gradient.graph;

import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which tensors of a network hold floats, and of which width, as far as its operators tell: all but
 * a few write what they read. Immutable.
 */
public final class ElementTypes {
  private static final int INT64 = Onnx.TensorProto.DataType.INT64_VALUE;
  private static final int UINT8 = Onnx.TensorProto.DataType.UINT8_VALUE;
  private static final int FLOAT = Onnx.TensorProto.DataType.FLOAT_VALUE;
  private static final int BOOL = Onnx.TensorProto.DataType.BOOL_VALUE;
  private static final Set<String> INTEGERS =
      Set.of("Shape", "Size", "NonZero", "ArgMax", "ArgMin", "Unique");
  private static final Set<String> TRUTHS =
      Set.of(
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "Less",
          "LessOrEqual",
          "Not",
          "And",
          "Or",
          "Xor",
          "IsNaN",
          "IsInf");

  private final Map<String, Integer> types = new HashMap<>();

  public ElementTypes(OnnxNetwork network) {
    Onnx.GraphProto graph = network.model().getGraph();
    graph
        .getInputList()
        .forEach(in -> types.put(in.getName(), in.getType().getTensorType().getElemType()));
    graph.getInitializerList().forEach(in -> types.put(in.getName(), in.getDataType()));
    for (Onnx.NodeProto node : network.nodes()) {
      for (int i = 0; i < node.getOutputCount(); i++) {
        types.put(node.getOutput(i), written(node, i));
      }
    }
  }

  private int written(Onnx.NodeProto node, int output) {
    String operator = node.getOpType();
    if (INTEGERS.contains(operator)) {
      return INT64;
    }
    if (TRUTHS.contains(operator)) {
      return BOOL;
    }
    return switch (operator) {
      case "Cast" -> (int) NodeAttributes.number(node, "to", 0);
      case "ConstantOfShape", "Constant" -> constant(node);
      case "MaxPool", "TopK" -> output == 0 ? read(node, 0) : INT64;
      case "Dropout" -> output == 0 ? read(node, 0) : BOOL;
      case "Where", "DequantizeLinear" -> read(node, 1);
      case "OneHot" -> read(node, 2);
      case "QuantizeLinear", "DynamicQuantizeLinear" -> UINT8;
      case "If", "Loop", "Scan" -> FLOAT;
      default -> read(node, 0);
    };
  }

  private static int constant(Onnx.NodeProto node) {
    boolean integers =
        NodeAttributes.find(node, "value_int").isPresent()
            || NodeAttributes.find(node, "value_ints").isPresent();
    return NodeAttributes.find(node, "value")
        .map(value -> value.getT().getDataType())
        .orElse(integers ? INT64 : FLOAT);
  }

  private int read(Onnx.NodeProto node, int input) {
    return input < node.getInputCount() ? types.getOrDefault(node.getInput(input), 0) : 0;
  }

  /** The data type of a tensor, 0 if it is not known. */
  public int of(String tensor) {
    return types.getOrDefault(tensor, 0);
  }

  /** Whether a tensor holds floats for which constants can be written. */
  public boolean isFloat(String tensor) {
    return switch (of(tensor)) {
      case Onnx.TensorProto.DataType.FLOAT_VALUE,
          Onnx.TensorProto.DataType.FLOAT16_VALUE,
          Onnx.TensorProto.DataType.DOUBLE_VALUE ->
          true;
      default -> false;
    };
  }
}
