package io.pare.model;

import io.pare.model.proto.Onnx;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes that make up a layer.
 *
 * @param main the Conv, Gemm or MatMul
 * @param biasAdd the Add of a constant behind a MatMul, where there is one
 */
public record LayerNodes(Onnx.NodeProto main, Optional<Onnx.NodeProto> biasAdd) {

  public static LayerNodes of(OnnxNetwork network, Layer layer) {
    return of(network, layer.operator(), layer.output());
  }

  /** The nodes of all that share the layer's weights, its own not among them. */
  public static List<LayerNodes> sharers(OnnxNetwork network, Layer layer) {
    return layer.sharers().stream().map(its -> of(network, layer.operator(), its)).toList();
  }

  private static LayerNodes of(OnnxNetwork network, Layer.Operator operator, String output) {
    Onnx.NodeProto last =
        network
            .producer(output)
            .orElseThrow(() -> new IllegalArgumentException("the network has no tensor " + output));
    if (operator != Layer.Operator.MATMUL || !OnnxNetwork.isStandard(last, "Add")) {
      return new LayerNodes(last, Optional.empty());
    }
    int product = network.constant(last.getInput(0)).isPresent() ? 1 : 0;
    return new LayerNodes(
        network.producer(last.getInput(product)).orElseThrow(), Optional.of(last));
  }

  /** Whether a node is a convolution, transposed or not. */
  public static boolean isConvolution(Onnx.NodeProto node) {
    return OnnxNetwork.isStandard(node, "Conv") || OnnxNetwork.isStandard(node, "ConvTranspose");
  }

  /** The nodes of the layer that a Conv, ConvTranspose, Gemm or MatMul with constant weights is. */
  static LayerNodes around(OnnxNetwork network, Onnx.NodeProto node) {
    return network
        .constant(node.getInput(1))
        .filter(weight -> OnnxNetwork.isStandard(node, "MatMul") && weight.getDimsCount() == 2)
        .map(weight -> matMul(network, node, weight.getDims(1)))
        .orElseGet(() -> new LayerNodes(node, Optional.empty()));
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

  /**
   * Whether another layer has the same weights and bias and applies them in the same way, so that
   * what replaces one can replace the other.
   */
  boolean isAlike(OnnxNetwork network, LayerNodes other) {
    return main.getOpType().equals(other.main.getOpType())
        && main.getInputCount() == other.main.getInputCount()
        && main.getInputList().stream()
            .skip(1)
            .toList()
            .equals(other.main.getInputList().stream().skip(1).toList())
        && !main.getInput(0).equals(main.getInput(1))
        && Set.copyOf(main.getAttributeList()).equals(Set.copyOf(other.main.getAttributeList()))
        && addend(network).equals(other.addend(network));
  }

  private Optional<String> addend(OnnxNetwork network) {
    return biasAdd.map(add -> addend(network, add));
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
