package io.pare.model.rewrite;

import io.pare.model.Layer;
import io.pare.model.LayerNodes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The weights of a network that may learn, and the network with other values in them. Only values
 * change, never a shape, a name or how they are stored, so that the file keeps its length.
 * Stateless.
 */
public final class TrainableWeights {
  private static final Set<String> LAYERS = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

  private TrainableWeights() {}

  /**
   * Weights and biases of convolutions and fully connected layers, in the order of the file: those
   * in single precision that are initializers of the graph.
   *
   * @param pinned layers of the original network whose weights stay
   */
  public static List<String> of(OnnxNetwork network, OnnxNetwork original, List<Layer> pinned) {
    Set<String> kept = new HashSet<>();
    for (Layer layer : pinned) {
      kept.addAll(LayerNodes.of(original, layer).main().getInputList());
    }
    Set<String> read = new LinkedHashSet<>();
    for (Onnx.NodeProto node : network.nodes()) {
      if (isLayer(node)) {
        read.addAll(node.getInputList());
      }
    }
    List<String> names = new ArrayList<>();
    for (Onnx.TensorProto tensor : network.model().getGraph().getInitializerList()) {
      if (read.contains(tensor.getName())
          && !kept.contains(tensor.getName())
          && Tensors.isFloat(tensor)
          && tensor.getDataType() == Onnx.TensorProto.DataType.FLOAT_VALUE) {
        names.add(tensor.getName());
      }
    }
    return List.copyOf(names);
  }

  /** Whether a node is a convolution or a product. */
  static boolean isLayer(Onnx.NodeProto node) {
    return LAYERS.stream().anyMatch(operator -> OnnxNetwork.isStandard(node, operator));
  }

  /**
   * The network with other values.
   *
   * @param values by the name of an initializer, as many as it has
   */
  public static OnnxNetwork replaced(OnnxNetwork network, Map<String, float[]> values) {
    Onnx.GraphProto.Builder graph = network.model().getGraph().toBuilder();
    for (int k = 0; k < graph.getInitializerCount(); k++) {
      Onnx.TensorProto tensor = graph.getInitializer(k);
      if (values.containsKey(tensor.getName())) {
        graph.setInitializer(k, replaced(tensor, values.get(tensor.getName())));
      }
    }
    return OnnxNetwork.of(network.model().toBuilder().setGraph(graph).build());
  }

  private static Onnx.TensorProto replaced(Onnx.TensorProto tensor, float[] values) {
    Onnx.TensorProto written =
        Tensors.of(tensor.getName(), Onnx.TensorProto.DataType.FLOAT, Tensors.dims(tensor), values);
    if (tensor.hasRawData()) {
      return tensor.toBuilder().setRawData(written.getRawData()).build();
    }
    Onnx.TensorProto.Builder entries = tensor.toBuilder().clearFloatData();
    for (float value : values) {
      entries.addFloatData(value);
    }
    return entries.build();
  }
}
