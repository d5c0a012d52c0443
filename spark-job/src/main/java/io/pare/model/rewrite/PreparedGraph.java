package io.pare.model.rewrite;

import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The form of a network in which its layers are found, whatever exporter has written it: without
 * functions of its own, without nodes that compute constants, with the transposition of a Gemm's
 * input as a node before it, with constant weights on the right of what they multiply, and with
 * what scales and shifts channels folded into the layer before it. It computes what the network
 * computes. Stateless.
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
    Map<String, String> turned = new HashMap<>();
    for (Onnx.NodeProto node : network.nodes()) {
      if (OnnxNetwork.isStandard(node, "Gemm")
          && NodeAttributes.number(node, "transA", 0) != 0
          && network.constant(node.getInput(1)).isPresent()) {
        edit.replace(node, upright(edit, node));
      } else if (isFromTheLeft(network, node)) {
        fromTheRight(edit, node, turned);
      }
    }
    return edit.apply(Map.of());
  }

  private static List<Onnx.NodeProto> upright(GraphEdit edit, Onnx.NodeProto gemm) {
    String turned = edit.fresh(gemm.getInput(0) + "_transposed");
    Onnx.NodeProto.Builder product = gemm.toBuilder().setInput(0, turned).clearAttribute();
    gemm.getAttributeList().stream()
        .filter(attribute -> !attribute.getName().equals("transA"))
        .forEach(product::addAttribute);
    return List.of(transpose(gemm.getInput(0), turned, 2), product.build());
  }

  /** Whether a node is a product W x of constant weights and columns, in a tensor of known rank. */
  private static boolean isFromTheLeft(OnnxNetwork network, Onnx.NodeProto node) {
    return OnnxNetwork.isStandard(node, "MatMul")
        && network
            .constant(node.getInput(0))
            .filter(weight -> weight.getDimsCount() == 2 && Tensors.isFloat(weight))
            .isPresent()
        && network.constant(node.getInput(1)).isEmpty()
        && network.rank(node.getInput(1)).orElse(0) >= 2;
  }

  /**
   * W x is (x^T W^T)^T, where a transposition exchanges the last two axes. A constant column that
   * is added behind it goes along, as the bias of the layer.
   *
   * @param turned the transposed weights by weights, those of the nodes before
   */
  private static void fromTheRight(
      GraphEdit edit, Onnx.NodeProto node, Map<String, String> turned) {
    OnnxNetwork network = edit.network();
    Onnx.TensorProto weight = network.constant(node.getInput(0)).orElseThrow();
    Optional<Onnx.NodeProto> add = columnBehind(network, node, weight.getDims(0));
    String output = add.orElse(node).getOutput(0);
    int rank = network.rank(node.getInput(1)).orElseThrow();
    String columns = edit.fresh(node.getInput(1) + "_transposed");
    String product = edit.fresh(node.getOutput(0) + "_transposed");
    List<Onnx.NodeProto> nodes = new ArrayList<>();
    nodes.add(transpose(node.getInput(1), columns, rank));
    nodes.add(
        node.toBuilder()
            .clearInput()
            .addInput(columns)
            .addInput(
                turned.computeIfAbsent(node.getInput(0), name -> transposed(edit, name, weight)))
            .setOutput(0, product)
            .build());
    if (add.isPresent()) {
      String sum = edit.fresh(output + "_transposed");
      Onnx.TensorProto column = column(network, add.get()).orElseThrow();
      String bias =
          edit.constant(
              column.getName(),
              Onnx.TensorProto.DataType.forNumber(column.getDataType()),
              new long[] {weight.getDims(0)},
              Tensors.floats(column));
      nodes.add(
          add.get().toBuilder()
              .clearInput()
              .addInput(product)
              .addInput(bias)
              .setOutput(0, sum)
              .build());
      nodes.add(transpose(sum, output, rank));
      edit.replace(add.get(), List.of());
    } else {
      nodes.add(transpose(product, output, rank));
    }
    edit.replace(node, nodes);
  }

  private static Optional<Onnx.NodeProto> columnBehind(
      OnnxNetwork network, Onnx.NodeProto product, long rows) {
    return network
        .soleConsumer(product.getOutput(0))
        .filter(
            node -> OnnxNetwork.isStandard(node, "Add") && !network.isOutput(product.getOutput(0)))
        .filter(
            node ->
                column(network, node)
                    .filter(Tensors::isFloat)
                    .map(Tensors::dims)
                    .filter(
                        dims ->
                            dims.length >= 2
                                && dims[dims.length - 2] == rows
                                && LongStream.of(dims).reduce(1, Math::multiplyExact) == rows)
                    .isPresent());
  }

  private static Optional<Onnx.TensorProto> column(OnnxNetwork network, Onnx.NodeProto add) {
    return network.constant(add.getInput(0)).or(() -> network.constant(add.getInput(1)));
  }

  private static String transposed(GraphEdit edit, String name, Onnx.TensorProto weight) {
    int rows = Math.toIntExact(weight.getDims(0));
    int columns = Math.toIntExact(weight.getDims(1));
    float[] values = Tensors.floats(weight);
    float[] turned = new float[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = values[i * columns + j];
      }
    }
    return edit.constant(
        name + "_transposed",
        Onnx.TensorProto.DataType.forNumber(weight.getDataType()),
        new long[] {columns, rows},
        turned);
  }

  private static Onnx.NodeProto transpose(String input, String output, int rank) {
    long[] axes = LongStream.range(0, rank).toArray();
    axes[rank - 2] = rank - 1L;
    axes[rank - 1] = rank - 2L;
    return Onnx.NodeProto.newBuilder()
        .setOpType("Transpose")
        .setName(output)
        .addInput(input)
        .addOutput(output)
        .addAttribute(NodeAttributes.numbers("perm", axes))
        .build();
  }
}
