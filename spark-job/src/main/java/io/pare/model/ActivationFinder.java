package io.pare.model;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.activation.ActivationFunction;
import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.activation.LeakyResponse;
import io.pare.model.proto.Onnx;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds the nonlinearity behind a layer: as one node, or as several that compute a function of the
 * layer's output alone. Stateless.
 */
final class ActivationFinder {
  /** What changes neither values nor, but for the last three, the axis of the channels. */
  private static final Set<String> MOVING =
      Set.of("Identity", "Dropout", "Reshape", "Flatten", "Transpose");

  static final Set<String> CHANNELS_STAY = Set.of("Identity", "Dropout");

  private ActivationFinder() {}

  /**
   * What follows a layer.
   *
   * @param summand what joins the layer's output before the activation; empty where nothing does
   * @param note for people where what follows is not fitted
   */
  record Found(Activation activation, String summand, String note) {
    static final Found NOTHING = new Found(Clamp.IDENTITY, "", "");

    Found {
      Objects.requireNonNull(activation);
    }

    static Found of(Activation activation) {
      return new Found(activation, "", "");
    }
  }

  /**
   * Looks at what reads a tensor; where it is an output of the network, nothing is found.
   *
   * @param channels of the tensor, for slopes by channel
   */
  static Found behind(OnnxNetwork network, String tensor, int channels) {
    if (network.isOutput(tensor)) {
      return Found.NOTHING;
    }
    Optional<Onnx.NodeProto> reader = network.soleConsumer(tensor);
    if (reader.isPresent()) {
      Optional<Found> found = single(network, reader.get(), tensor, channels);
      if (found.isPresent()) {
        return found.get();
      }
    }
    return ScalarExpression.behind(network, tensor)
        .map(Found::of)
        .orElseGet(() -> unknown(network, tensor));
  }

  private static Optional<Found> single(
      OnnxNetwork network, Onnx.NodeProto node, String tensor, int channels) {
    String operator = node.getOpType();
    if (MOVING.contains(operator) && node.getInput(0).equals(tensor)) {
      Found found = behind(network, node.getOutput(0), channels);
      boolean byChannel =
          found.activation() instanceof Activation.Leaky leaky && leaky.slopes().size() > 1;
      return Optional.of(
          byChannel && !CHANNELS_STAY.contains(operator) ? unsupported("PRelu") : found);
    }
    return switch (operator) {
      case "MaxPool" -> Optional.of(pooled(behind(network, node.getOutput(0), channels)));
      case "Relu" -> Optional.of(Found.of(Clamp.RELU));
      case "Clip" -> Optional.of(clip(network, node));
      case "PRelu" -> Optional.of(slopes(network, node, tensor, channels));
      case "LeakyRelu" -> Optional.of(leaky(NodeAttributes.real(node, "alpha", 0.01f)));
      default -> curve(node).map(Found::of);
    };
  }

  /** The largest of several values stays the largest behind a function that never falls. */
  private static Found pooled(Found found) {
    return found.activation().neverFalls() ? found : Found.NOTHING;
  }

  private static Optional<Activation> curve(Onnx.NodeProto node) {
    float alpha = NodeAttributes.real(node, "alpha", 1);
    return switch (node.getOpType()) {
      case "Elu" -> Optional.of(new Activation.Curve(ActivationFunction.ELU, alpha, 0));
      case "Celu" -> Optional.of(new Activation.Curve(ActivationFunction.CELU, alpha, 0));
      case "Selu" ->
          Optional.of(
              new Activation.Curve(
                  ActivationFunction.SELU,
                  NodeAttributes.real(node, "alpha", ActivationFunction.SELU_ALPHA),
                  NodeAttributes.real(node, "gamma", ActivationFunction.SELU_GAMMA)));
      case "HardSigmoid" ->
          Optional.of(
              new Activation.Curve(
                  ActivationFunction.HARD_SIGMOID,
                  NodeAttributes.real(node, "alpha", 0.2f),
                  NodeAttributes.real(node, "beta", 0.5f)));
      case "HardSwish" -> Optional.of(Activation.Curve.of(ActivationFunction.HARD_SWISH));
      case "Mish" -> Optional.of(Activation.Curve.of(ActivationFunction.MISH));
      case "Gelu" ->
          Optional.of(
              Activation.Curve.of(
                  NodeAttributes.text(node, "approximate", "none").equals("tanh")
                      ? ActivationFunction.GELU_TANH
                      : ActivationFunction.GELU));
      case "Swish" ->
          alpha == 1 ? Optional.of(Activation.Curve.of(ActivationFunction.SILU)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Found leaky(double slope) {
    return Found.of(new Activation.Leaky(List.of(new LeakyResponse(slope))));
  }

  /** Slopes are one value, or one a channel: n x 1 x 1 for maps, n for vectors. */
  private static Found slopes(
      OnnxNetwork network, Onnx.NodeProto node, String tensor, int channels) {
    return network
        .constant(node.getInput(1))
        .filter(slope -> node.getInput(0).equals(tensor) && Tensors.isFloat(slope))
        .map(Tensors::floats)
        .filter(slope -> slope.length == 1 || slope.length == channels)
        .map(
            slope ->
                Found.of(
                    new Activation.Leaky(
                        IntStream.range(0, slope.length)
                            .mapToObj(i -> new LeakyResponse(slope[i]))
                            .toList())))
        .orElse(unsupported("a PRelu whose slopes are neither one nor one a channel"));
  }

  static Found unsupported(String function) {
    return new Found(
        Clamp.IDENTITY, "", "followed by " + function + ", fitted as if nothing followed");
  }

  private static Found unknown(OnnxNetwork network, String tensor) {
    return network.consumers(tensor).stream()
        .filter(node -> ScalarExpression.CURVED.contains(node.getOpType()))
        .findFirst()
        .map(node -> unsupported(node.getOpType()))
        .orElse(Found.NOTHING);
  }

  static Found clip(OnnxNetwork network, Onnx.NodeProto node) {
    Optional<Double> low = bound(network, node, 1, "min", Double.NEGATIVE_INFINITY);
    Optional<Double> high = bound(network, node, 2, "max", Double.POSITIVE_INFINITY);
    if (low.isEmpty() || high.isEmpty() || !(low.get() < high.get())) {
      return unsupported("a Clip without two constant, ascending bounds");
    }
    return Found.of(new Clamp(low.get(), high.get()));
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
