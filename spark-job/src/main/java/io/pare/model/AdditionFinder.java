package io.pare.model;

import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the nonlinearity behind the addition that a convolution's output joins (algorithm.md
 * section 3). Of two layers that meet in an addition, the later one in the order of the graph is
 * fitted behind it: by then the other summand is settled.
 */
final class AdditionFinder {
  private final OnnxNetwork network;
  private final NetworkShapes shapes;

  AdditionFinder(OnnxNetwork network, NetworkShapes shapes) {
    this.network = network;
    this.shapes = shapes;
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
    if (place(network.producer(summand)) > place(Optional.of(convolution))) {
      return ActivationFinder.unsupported("an addition of what is computed later");
    }
    return new ActivationFinder.Found(found.activation(), summand, "");
  }

  private int place(Optional<Onnx.NodeProto> node) {
    return node.map(network.nodes()::indexOf).filter(k -> k >= 0).orElse(Integer.MAX_VALUE);
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
