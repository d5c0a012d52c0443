package io.pare.model;

import io.pare.algorithm.Geometry;
import io.pare.algorithm.LayerShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import onnx.Onnx;

/** Finds the layers of one network and says of each that stays why. Used once. */
final class LayerFinder {
  private static final Set<String> FLOAT_OPERATORS = Set.of("Conv", "Gemm", "MatMul");
  private static final Set<String> QUANTIZED_OPERATORS =
      Set.of(
          "QLinearConv",
          "ConvInteger",
          "QLinearMatMul",
          "MatMulInteger",
          "QGemm",
          "MatMulNBits",
          "DynamicQuantizeMatMul",
          "MatMulIntegerToFloat");

  private final OnnxNetwork network;
  private final NetworkShapes shapes;
  private final List<Layer> layers = new ArrayList<>();
  private final List<KeptLayer> kept = new ArrayList<>();
  private final Map<String, Long> nameCounts = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  LayerFinder(OnnxNetwork network, NetworkShapes shapes) {
    this.network = network;
    this.shapes = shapes;
    network.nodes().forEach(node -> nameCounts.merge(node.getName(), 1L, Long::sum));
  }

  static boolean isLayer(Onnx.NodeProto node) {
    return FLOAT_OPERATORS.stream().anyMatch(operator -> OnnxNetwork.isStandard(node, operator));
  }

  NetworkLayers find() {
    for (Onnx.NodeProto node : network.nodes()) {
      if (QUANTIZED_OPERATORS.contains(node.getOpType())) {
        keep(node, "already quantised, nothing to do");
      } else if (isLayer(node) && !isProductOfActivations(node)) {
        layer(node);
      }
      for (Onnx.GraphProto body : GraphNames.bodies(node)) {
        body(body, node.getOpType());
      }
    }
    return new NetworkLayers(layers, kept);
  }

  /** Attention multiplies two computed tensors: that is no layer. */
  private boolean isProductOfActivations(Onnx.NodeProto node) {
    return node.getOpType().equals("MatMul")
        && node.getInputList().stream().allMatch(input -> network.constant(input).isEmpty())
        && node.getInputList().stream().noneMatch(this::isDequantized);
  }

  private boolean isDequantized(String tensor) {
    return network
        .producer(tensor)
        .filter(node -> node.getOpType().equals("DequantizeLinear"))
        .filter(node -> network.constant(node.getInput(0)).isPresent())
        .isPresent();
  }

  private void body(Onnx.GraphProto body, String owner) {
    for (Onnx.NodeProto node : body.getNodeList()) {
      if (isLayer(node)) {
        Optional<Onnx.TensorProto> weight =
            body.getInitializerList().stream()
                .filter(tensor -> tensor.getName().equals(node.getInput(1)))
                .findFirst()
                .or(() -> network.constant(node.getInput(1)));
        kept.add(
            new KeptLayer(
                index(),
                name(node),
                node.getOpType(),
                weight.map(Tensors::elements).orElse(0L),
                0,
                "inside the body of " + owner));
      }
      GraphNames.bodies(node).forEach(inner -> body(inner, node.getOpType()));
    }
  }

  private void layer(Onnx.NodeProto node) {
    Optional<String> obstacle = obstacle(node);
    if (obstacle.isPresent()) {
      keep(node, obstacle.get());
    } else if (node.getOpType().equals("Conv")) {
      convolution(node);
    } else {
      fullyConnected(node);
    }
  }

  private int index() {
    return layers.size() + kept.size();
  }

  private String name(Onnx.NodeProto node) {
    String name = node.getName();
    if (name.isEmpty() || nameCounts.getOrDefault(name, 1L) > 1) {
      name = node.getOutput(0);
    }
    String unique = name;
    for (int i = 2; !taken.add(unique); i++) {
      unique = name + "#" + i;
    }
    return unique;
  }

  private void keep(Onnx.NodeProto node, String reason) {
    Optional<Onnx.TensorProto> weight =
        node.getInputCount() > 1 ? network.constant(node.getInput(1)) : Optional.empty();
    long weights = isLayer(node) ? weight.map(Tensors::elements).orElse(0L) : 0;
    String output = node.getOutput(0);
    Geometry geometry =
        node.getOpType().equals("Conv")
            ? shapes.convolution(node.getInput(0), output)
            : shapes.fullyConnected(output);
    kept.add(
        new KeptLayer(
            index(),
            name(node),
            node.getOpType(),
            weights,
            weights * geometry.outputPositions(),
            reason));
  }

  /** Why a Conv, Gemm or MatMul stays as it is. */
  private Optional<String> obstacle(Onnx.NodeProto node) {
    String name = node.getInput(1);
    Optional<Onnx.TensorProto> weight = network.constant(name);
    if (isDequantized(name)) {
      return Optional.of("already quantised, nothing to do");
    }
    if (weight.isEmpty()) {
      return Optional.of("its weights are computed by the network, not constant");
    }
    int type = weight.get().getDataType();
    if (type != Onnx.TensorProto.DataType.FLOAT_VALUE
        && type != Onnx.TensorProto.DataType.FLOAT16_VALUE) {
      return Optional.of(
          "its weights are "
              + Onnx.TensorProto.DataType.forNumber(type)
              + ", only FLOAT and FLOAT16 can be compressed");
    }
    List<Onnx.NodeProto> readers = network.consumers(name);
    if (readers.size() > 1 || network.isOutput(name)) {
      return Optional.of("its weights " + name + " are shared with other nodes");
    }
    return node.getOpType().equals("Conv")
        ? convolutionObstacle(node, weight.get())
        : productObstacle(node, weight.get());
  }

  private Optional<String> convolutionObstacle(Onnx.NodeProto node, Onnx.TensorProto weight) {
    if (weight.getDimsCount() != 4) {
      return Optional.of("a convolution over " + (weight.getDimsCount() - 2) + " axes, not 2");
    }
    if (weight.getDims(1) == 1 && NodeAttributes.number(node, "group", 1) > 1) {
      return Optional.of("depthwise: one input channel a group");
    }
    if (!hasVectorBias(node, weight.getDims(0))) {
      return Optional.of("its bias is no constant vector of floats");
    }
    if (window(node, weight).isEmpty()) {
      return Optional.of("its automatic padding depends on an input size that is not known");
    }
    return Optional.empty();
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

  private Optional<Window> window(Onnx.NodeProto node, Onnx.TensorProto weight) {
    return Convolution.of(node)
        .resolve(
            shapes.of(node.getInput(0)),
            Math.toIntExact(weight.getDims(2)),
            Math.toIntExact(weight.getDims(3)));
  }

  private void convolution(Onnx.NodeProto node) {
    Onnx.TensorProto weight = network.constant(node.getInput(1)).orElseThrow();
    int groups = Math.toIntExact(NodeAttributes.number(node, "group", 1));
    LayerShape shape =
        new LayerShape(
            Math.toIntExact(weight.getDims(0)) / groups,
            Math.toIntExact(weight.getDims(1)),
            Math.toIntExact(weight.getDims(2)),
            Math.toIntExact(weight.getDims(3)));
    Geometry geometry = shapes.convolution(node.getInput(0), node.getOutput(0));
    ActivationFinder.Found found = ActivationFinder.behind(network, node.getOutput(0));
    layers.add(
        new Layer(
            index(),
            name(node),
            Layer.Operator.CONV,
            shape,
            groups,
            window(node, weight).orElseThrow(),
            geometry,
            node.getInput(0),
            node.getOutput(0),
            found.activation(),
            found.note()));
  }

  private void fullyConnected(Onnx.NodeProto node) {
    Onnx.TensorProto weight = network.constant(node.getInput(1)).orElseThrow();
    boolean gemm = node.getOpType().equals("Gemm");
    boolean transposed = new LayerNodes(node, Optional.empty()).isTransposed();
    int outputs = Math.toIntExact(weight.getDims(transposed ? 1 : 0));
    int inputs = Math.toIntExact(weight.getDims(transposed ? 0 : 1));
    String output = gemm ? node.getOutput(0) : LayerNodes.matMul(network, node, outputs).output();
    ActivationFinder.Found found = ActivationFinder.behind(network, output);
    layers.add(
        new Layer(
            index(),
            name(node),
            gemm ? Layer.Operator.GEMM : Layer.Operator.MATMUL,
            new LayerShape(outputs, inputs, 1, 1),
            1,
            Window.POINTWISE,
            shapes.fullyConnected(node.getOutput(0)),
            node.getInput(0),
            output,
            found.activation(),
            found.note()));
  }
}
