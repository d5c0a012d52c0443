package io.pare.model;

import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the nonlinearity behind the addition that a convolution's output joins (algorithm.md
 * section 3). The other summand has to be settled by then, wherever the graph computes it: of two
 * convolutions that meet in an addition, the one that more layers lead to is fitted behind it, or
 * the later one.
 */
final class AdditionFinder {
  private final OnnxNetwork network;
  private final NetworkShapes shapes;
  private final LayerObstacles obstacles;
  private final Map<String, Integer> depths;

  AdditionFinder(OnnxNetwork network, NetworkShapes shapes, LayerObstacles obstacles) {
    this.network = network;
    this.shapes = shapes;
    this.obstacles = obstacles;
    Map<String, String> layers = new HashMap<>();
    network.nodes().stream()
        .filter(LayerFinder::isLayer)
        .forEach(node -> layers.put(node.getOutput(0), ""));
    depths = LayerLevels.depths(network, layers);
  }

  /**
   * An addition of two tensors.
   *
   * @param node the Add or Sum
   * @param summand the other one
   */
  private record Addition(Onnx.NodeProto node, String summand) {}

  /** The tensor that joins a convolution's output next, whatever its shape. */
  static Optional<String> summand(OnnxNetwork network, Onnx.NodeProto convolution) {
    return addition(network, convolution.getOutput(0)).map(Addition::summand);
  }

  /** What follows a convolution, an addition included where the fit can see it. */
  ActivationFinder.Found behind(Onnx.NodeProto convolution, int channels) {
    String output = convolution.getOutput(0);
    Optional<Addition> addition = addition(network, output);
    if (addition.isEmpty()) {
      return ActivationFinder.behind(network, output, channels);
    }
    ActivationFinder.Found found =
        ActivationFinder.behind(network, addition.get().node().getOutput(0), channels);
    if (found.activation().isIdentity()) {
      return ActivationFinder.Found.NOTHING;
    }
    String summand = addition.get().summand();
    Optional<long[]> own = shapes.of(output);
    Optional<long[]> other = shapes.of(summand);
    if (own.isEmpty() || other.isEmpty() || !Arrays.equals(own.get(), other.get())) {
      return ActivationFinder.unsupported("an addition of a tensor of another shape");
    }
    return isSettledBefore(convolution, summand)
        ? new ActivationFinder.Found(found.activation(), summand, "")
        : ActivationFinder.unsupported("an addition of what is fitted later");
  }

  /**
   * Nothing that a convolution feeds can feed what joins its output. That leaves another
   * convolution of the same addition, which waits as well, and the other nodes that share the
   * weights, which wait for the first.
   */
  private boolean isSettledBefore(Onnx.NodeProto convolution, String summand) {
    if (network.consumers(convolution.getInput(1)).size() > 1) {
      return network.producer(summand).map(this::place).orElse(-1) < place(convolution);
    }
    return rival(summand).map(other -> rank(other) < rank(convolution)).orElse(true);
  }

  /** The convolution that could be fitted behind the same addition. */
  private Optional<Onnx.NodeProto> rival(String summand) {
    Optional<Onnx.NodeProto> producer = network.producer(summand);
    while (producer
        .filter(n -> ActivationFinder.CHANNELS_STAY.contains(n.getOpType()))
        .isPresent()) {
      producer = network.producer(producer.get().getInput(0));
    }
    return producer.filter(
        node ->
            OnnxNetwork.isStandard(node, "Conv")
                && obstacles.of(node).isEmpty()
                && addition(network, node.getOutput(0)).isPresent());
  }

  /** Grows with the number of layers that lead to a node, then with its place in the graph. */
  private long rank(Onnx.NodeProto node) {
    return (long) depths.get(node.getOutput(0)) * network.nodes().size() + place(node);
  }

  private int place(Onnx.NodeProto node) {
    return network.nodes().indexOf(node);
  }

  private static Optional<Addition> addition(OnnxNetwork network, String tensor) {
    Optional<Onnx.NodeProto> reader =
        network.isOutput(tensor) ? Optional.empty() : network.soleConsumer(tensor);
    if (reader.isEmpty()) {
      return Optional.empty();
    }
    Onnx.NodeProto node = reader.get();
    if (ActivationFinder.CHANNELS_STAY.contains(node.getOpType())
        && node.getInput(0).equals(tensor)) {
      return addition(network, node.getOutput(0));
    }
    boolean adds = OnnxNetwork.isStandard(node, "Add") || OnnxNetwork.isStandard(node, "Sum");
    if (!adds || node.getInputCount() != 2) {
      return Optional.empty();
    }
    String other = node.getInput(node.getInput(0).equals(tensor) ? 1 : 0);
    return other.equals(tensor) || network.constant(other).isPresent()
        ? Optional.empty()
        : Optional.of(new Addition(node, other));
  }
}
