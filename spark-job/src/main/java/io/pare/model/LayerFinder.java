package io.pare.model;

import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Window;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the layers of one network and says of each that stays why. Used once. */
final class LayerFinder {
  private static final Set<String> FLOAT_OPERATORS =
      Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");
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
  private final LayerObstacles obstacles;
  private final AdditionFinder additions;
  private final List<Layer> layers = new ArrayList<>();
  private final List<KeptLayer> kept = new ArrayList<>();
  private final Map<String, Long> nameCounts = new HashMap<>();
  private final Map<String, String> sharing = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  LayerFinder(OnnxNetwork network, NetworkShapes shapes) {
    this.network = network;
    this.shapes = shapes;
    this.obstacles = new LayerObstacles(network, shapes);
    this.additions = new AdditionFinder(network, shapes, obstacles);
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
        && node.getInputList().stream().noneMatch(obstacles::isDequantized);
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
    Optional<String> obstacle = obstacles.of(node);
    String weights = node.getInput(1);
    if (obstacle.isPresent()) {
      keep(node, obstacle.get());
    } else if (sharing.containsKey(weights)) {
      kept.add(
          KeptLayer.sharing(
              index(), name(node), node.getOpType(), macs(node), sharing.get(weights)));
    } else if (LayerNodes.isConvolution(node)) {
      convolution(node);
    } else {
      fullyConnected(node);
    }
  }

  private List<String> sharers(Onnx.NodeProto node, String name) {
    List<Onnx.NodeProto> readers = network.consumers(node.getInput(1));
    if (readers.size() > 1) {
      sharing.put(node.getInput(1), name);
    }
    return readers.stream()
        .filter(reader -> !reader.getOutput(0).equals(node.getOutput(0)))
        .map(reader -> LayerNodes.around(network, reader).output())
        .toList();
  }

  private long macs(Onnx.NodeProto node) {
    Geometry geometry =
        LayerNodes.isConvolution(node)
            ? shapes.convolution(node)
            : shapes.fullyConnected(node.getOutput(0));
    return stored(obstacles.weights(node)) * geometry.kernelPositions();
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
    long weights = isLayer(node) ? stored(obstacles.weights(node)) : 0;
    kept.add(
        new KeptLayer(
            index(),
            name(node),
            node.getOpType(),
            weights,
            isLayer(node) ? macs(node) : 0,
            reason));
  }

  /** Values of a constant, be it stored in fewer bits; none of what is no constant. */
  private long stored(String tensor) {
    Optional<Onnx.NodeProto> decoding = producer(tensor, "DequantizeLinear", "Cast");
    String codes = decoding.map(node -> node.getInput(0)).orElse(tensor);
    // Codes of four bits lie two in a byte: only what takes them apart says how many there are.
    Optional<Long> packed =
        decoding
            .flatMap(node -> producer(codes, "Reshape"))
            .flatMap(node -> network.constant(node.getInput(1)))
            .flatMap(Tensors::integers)
            .filter(dims -> Arrays.stream(dims).allMatch(size -> size > 0))
            .map(dims -> Arrays.stream(dims).reduce(1, Math::multiplyExact));
    return packed.or(() -> network.constant(codes).map(Tensors::elements)).orElse(0L);
  }

  private Optional<Onnx.NodeProto> producer(String tensor, String... operators) {
    return network
        .producer(tensor)
        .filter(
            node ->
                Arrays.stream(operators)
                    .anyMatch(operator -> OnnxNetwork.isStandard(node, operator)));
  }

  private void convolution(Onnx.NodeProto node) {
    Onnx.TensorProto weight = network.constant(node.getInput(1)).orElseThrow();
    int groups = Math.toIntExact(NodeAttributes.number(node, "group", 1));
    Window window = obstacles.window(node, weight).orElseThrow();
    int outer = Math.toIntExact(weight.getDims(0)) / groups;
    int inner = Math.toIntExact(weight.getDims(1));
    boolean transposed = window.transposed();
    LayerShape shape =
        new LayerShape(
            transposed ? inner : outer,
            transposed ? outer : inner,
            window.rows(),
            window.columns());
    int channels = groups * shape.outputs();
    ActivationFinder.Found found =
        transposed
            ? ActivationFinder.behind(network, node.getOutput(0), channels)
            : additions.behind(node, channels);
    String name = name(node);
    layers.add(
        new Layer(
            index(),
            name,
            transposed ? Layer.Operator.CONV_TRANSPOSE : Layer.Operator.CONV,
            shape,
            groups,
            window,
            shapes.convolution(node),
            node.getInput(0),
            1,
            node.getOutput(0),
            sharers(node, name),
            found.activation(),
            found.summand(),
            found.note()));
  }

  private void fullyConnected(Onnx.NodeProto node) {
    Onnx.TensorProto weight = network.constant(node.getInput(1)).orElseThrow();
    boolean gemm = node.getOpType().equals("Gemm");
    boolean transposed = new LayerNodes(node, Optional.empty()).isTransposed();
    int outputs = Math.toIntExact(weight.getDims(transposed ? 1 : 0));
    int inputs = Math.toIntExact(weight.getDims(transposed ? 0 : 1));
    String output = gemm ? node.getOutput(0) : LayerNodes.matMul(network, node, outputs).output();
    ActivationFinder.Found found = ActivationFinder.behind(network, output, outputs);
    Geometry geometry = shapes.fullyConnected(node.getOutput(0));
    String name = name(node);
    layers.add(
        new Layer(
            index(),
            name,
            gemm ? Layer.Operator.GEMM : Layer.Operator.MATMUL,
            new LayerShape(outputs, inputs, 1, 1),
            1,
            Window.POINTWISE,
            geometry,
            node.getInput(0),
            shapes.vectorRun(node.getOutput(0), Math.max(1, geometry.outputWidth())),
            output,
            sharers(node, name),
            found.activation(),
            found.summand(),
            found.note()));
  }
}
