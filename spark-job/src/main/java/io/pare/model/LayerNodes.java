package io.pare.model;

import io.pare.model.proto.Onnx;
import java.util.Optional;

/**
 * The nodes that make up a layer.
 *
 * @param main the Conv, Gemm or MatMul
 * @param biasAdd the Add of a constant behind a MatMul, where there is one
 */
public record LayerNodes(Onnx.NodeProto main, Optional<Onnx.NodeProto> biasAdd) {

  public static LayerNodes of(OnnxNetwork network, Layer layer) {
    Onnx.NodeProto last =
        network
            .producer(layer.output())
            .orElseThrow(
                () -> new IllegalArgumentException("the network has no tensor " + layer.output()));
    if (layer.operator() != Layer.Operator.MATMUL || !OnnxNetwork.isStandard(last, "Add")) {
      return new LayerNodes(last, Optional.empty());
    }
    int product = network.constant(last.getInput(0)).isPresent() ? 1 : 0;
    return new LayerNodes(
        network.producer(last.getInput(product)).orElseThrow(), Optional.of(last));
  }

  /** A MatMul with the Add of a constant vector of n values, or of one value, behind it. */
  public static LayerNodes matMul(OnnxNetwork network, Onnx.NodeProto product, long outputs) {
    return new LayerNodes(
        product,
        network
            .soleConsumer(product.getOutput(0))
            .filter(node -> OnnxNetwork.isStandard(node, "Add"))
            .filter(node -> !node.getInput(0).equals(node.getInput(1)))
            .filter(
                node ->
                    network
                        .constant(addend(network, node))
                        .filter(Tensors::isFloat)
                        .filter(tensor -> isVector(tensor, outputs))
                        .isPresent()));
  }

  private static String addend(OnnxNetwork network, Onnx.NodeProto add) {
    return add.getInput(network.constant(add.getInput(0)).isPresent() ? 0 : 1);
  }

  /** Whether a tensor is added to vectors of that length without making their tensor larger. */
  public static boolean isVector(Onnx.TensorProto tensor, long outputs) {
    return tensor.getDimsCount() <= 1
        && (Tensors.elements(tensor) == outputs || Tensors.elements(tensor) == 1);
  }

  /** The tensor written, bias added. */
  public String output() {
    return biasAdd.orElse(main).getOutput(0);
  }

  public Onnx.TensorProto weight(OnnxNetwork network) {
    return network.constant(main.getInput(1)).orElseThrow();
  }

  public Optional<Onnx.TensorProto> bias(OnnxNetwork network) {
    if (biasAdd.isPresent()) {
      return network.constant(addend(network, biasAdd.get()));
    }
    return main.getInputCount() > 2 && !main.getInput(2).isEmpty()
        ? network.constant(main.getInput(2))
        : Optional.empty();
  }

  /** Whether the weights are stored d x n. */
  public boolean isTransposed() {
    return main.getOpType().equals("MatMul")
        || (main.getOpType().equals("Gemm") && NodeAttributes.number(main, "transB", 0) == 0);
  }

  public double weightScale() {
    return main.getOpType().equals("Gemm") ? NodeAttributes.real(main, "alpha", 1) : 1;
  }

  public double biasScale() {
    return main.getOpType().equals("Gemm") ? NodeAttributes.real(main, "beta", 1) : 1;
  }
}
