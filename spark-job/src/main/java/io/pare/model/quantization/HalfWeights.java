package io.pare.model.quantization;

import io.pare.model.GraphNames;
import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import io.pare.model.proto.Onnx.TensorProto.DataType;
import java.util.HashSet;
import java.util.Set;

/**
 * Stores the weights of a network in half precision. A Cast widens each of them, once, while ONNX
 * Runtime loads the network: it computes in single precision as before. Tensors with values beyond
 * the range of half precision stay as they are. Stateless.
 */
public final class HalfWeights {
  /** Below this many values a Cast takes more bytes than half precision saves. */
  private static final int FEWEST = 128;

  private static final float MOST = 65_504;

  private HalfWeights() {}

  /** The network with weights in half precision. */
  public static OnnxNetwork of(OnnxNetwork network) {
    Onnx.GraphProto graph = network.model().getGraph();
    Set<String> names = network.names();
    Set<String> inputs = new HashSet<>();
    graph.getInputList().forEach(input -> inputs.add(input.getName()));
    Onnx.GraphProto.Builder changed = graph.toBuilder().clearNode().clearInitializer();
    for (Onnx.TensorProto tensor : graph.getInitializerList()) {
      if (fits(tensor)
          && !inputs.contains(tensor.getName())
          && !network.isOutput(tensor.getName())) {
        String half = GraphNames.fresh(names, tensor.getName() + "_half");
        changed.addInitializer(
            Tensors.of(half, DataType.FLOAT16, Tensors.dims(tensor), Tensors.floats(tensor)));
        changed.addNode(
            Onnx.NodeProto.newBuilder()
                .setOpType("Cast")
                .setName(GraphNames.fresh(names, tensor.getName() + "_widened"))
                .addInput(half)
                .addOutput(tensor.getName())
                .addAttribute(NodeAttributes.number("to", DataType.FLOAT_VALUE)));
      } else {
        changed.addInitializer(tensor);
      }
    }
    changed.addAllNode(graph.getNodeList());
    return OnnxNetwork.of(network.model().toBuilder().setGraph(changed).build());
  }

  private static boolean fits(Onnx.TensorProto tensor) {
    if (tensor.getDataType() != DataType.FLOAT_VALUE || Tensors.elements(tensor) < FEWEST) {
      return false;
    }
    for (float value : Tensors.floats(tensor)) {
      if (Math.abs(value) > MOST) {
        return false;
      }
    }
    return true;
  }
}
