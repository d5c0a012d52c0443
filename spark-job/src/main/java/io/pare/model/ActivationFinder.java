package io.pare.model;

import io.pare.algorithm.statistics.Activation;
import io.pare.model.proto.Onnx;
import java.util.Optional;
import java.util.Set;

/** Finds the nonlinearity behind a layer. */
final class ActivationFinder {
  /** Functions that people would expect to be fitted; anything else is no activation at all. */
  private static final Set<String> OTHER_FUNCTIONS =
      Set.of(
          "Celu",
          "Elu",
          "Erf",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "LeakyRelu",
          "Mish",
          "PRelu",
          "Selu",
          "Sigmoid",
          "Softplus",
          "Softsign",
          "Swish",
          "Tanh",
          "ThresholdedRelu");

  private ActivationFinder() {}

  /** What follows a layer, and a note for people where it is not fitted. */
  record Found(Activation activation, String note) {
    static final Found NOTHING = new Found(Activation.IDENTITY, "");
  }

  /** Looks at the one reader of a tensor; with several readers, or an output, nothing is found. */
  static Found behind(OnnxNetwork network, String tensor) {
    Optional<Onnx.NodeProto> reader = network.soleConsumer(tensor);
    if (reader.isEmpty()) {
      return swish(network, tensor);
    }
    Onnx.NodeProto node = reader.get();
    return switch (node.getOpType()) {
      case "Relu" -> new Found(Activation.RELU, "");
      case "Clip" -> clip(network, node);
      case "Identity" -> behind(network, node.getOutput(0));
      default ->
          OTHER_FUNCTIONS.contains(node.getOpType())
              ? unsupported(node.getOpType())
              : Found.NOTHING;
    };
  }

  private static Found unsupported(String function) {
    return new Found(
        Activation.IDENTITY, "followed by " + function + ", fitted as if nothing followed");
  }

  /** x * sigmoid(x) has two readers of x. */
  private static Found swish(OnnxNetwork network, String tensor) {
    return network.consumers(tensor).stream()
        .filter(node -> OTHER_FUNCTIONS.contains(node.getOpType()))
        .findFirst()
        .map(node -> unsupported(node.getOpType()))
        .orElse(Found.NOTHING);
  }

  private static Found clip(OnnxNetwork network, Onnx.NodeProto node) {
    Optional<Double> low = bound(network, node, 1, "min", Double.NEGATIVE_INFINITY);
    Optional<Double> high = bound(network, node, 2, "max", Double.POSITIVE_INFINITY);
    if (low.isEmpty() || high.isEmpty() || !(low.get() < high.get())) {
      return unsupported("a Clip without two constant, ascending bounds");
    }
    return new Found(new Activation(low.get(), high.get()), "");
  }

  /** A bound: an attribute before operator set 11, an input since; absent means none. */
  private static Optional<Double> bound(
      OnnxNetwork network, Onnx.NodeProto node, int input, String attribute, double absent) {
    if (network.opset() < 11) {
      return Optional.of((double) NodeAttributes.real(node, attribute, (float) absent))
          .map(value -> Math.abs(value) >= Float.MAX_VALUE ? Double.valueOf(absent) : value);
    }
    if (node.getInputCount() <= input || node.getInput(input).isEmpty()) {
      return Optional.of(absent);
    }
    return network
        .constant(node.getInput(input))
        .filter(Tensors::isFloat)
        .map(Tensors::floats)
        .filter(values -> values.length == 1)
        .map(values -> (double) values[0]);
  }
}
