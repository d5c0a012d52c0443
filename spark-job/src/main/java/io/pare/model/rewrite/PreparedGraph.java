package io.pare.model.rewrite;

import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import java.util.List;
import java.util.Map;

/**
 * The form of a network in which its layers are found, whatever exporter has written it: without
 * functions of its own, without nodes that compute constants, with the transposition of a Gemm's
 * input as a node before it, and with what scales and shifts channels folded into the layer before
 * it. It computes what the network computes. Stateless.
 */
public final class PreparedGraph {
  private PreparedGraph() {}

  /** The network in that form. */
  public static OnnxNetwork of(OnnxNetwork network) {
    return BatchNormalizationFolding.fold(
        upright(ConstantFolding.fold(FunctionInlining.inline(network))));
  }

  /** A layer reads vectors that lie one after the other, not one beside the other. */
  private static OnnxNetwork upright(OnnxNetwork network) {
    GraphEdit edit = new GraphEdit(network);
    for (Onnx.NodeProto node : network.nodes()) {
      if (OnnxNetwork.isStandard(node, "Gemm")
          && NodeAttributes.number(node, "transA", 0) != 0
          && network.constant(node.getInput(1)).isPresent()) {
        edit.replace(node, upright(edit, node));
      }
    }
    return edit.apply(Map.of());
  }

  private static List<Onnx.NodeProto> upright(GraphEdit edit, Onnx.NodeProto gemm) {
    String input = gemm.getInput(0);
    String turned = edit.fresh(input + "_transposed");
    Onnx.NodeProto.Builder product = gemm.toBuilder().setInput(0, turned).clearAttribute();
    gemm.getAttributeList().stream()
        .filter(attribute -> !attribute.getName().equals("transA"))
        .forEach(product::addAttribute);
    return List.of(
        Onnx.NodeProto.newBuilder()
            .setOpType("Transpose")
            .setName(turned)
            .addInput(input)
            .addOutput(turned)
            .addAttribute(NodeAttributes.numbers("perm", 1, 0))
            .build(),
        product.build());
  }
}
