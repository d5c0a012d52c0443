package io.pare.model;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.activation.ActivationFunction;
import io.pare.algorithm.activation.Clamp;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * A function of one tensor that several elementwise nodes compute, told by its values: however an
 * exporter wrote a SiLU or a GELU, it has the values of one. Used once.
 */
final class ScalarExpression {
  /** Functions that people would expect to be fitted. */
  static final Set<String> CURVED =
      Set.of("Erf", "Exp", "Sigmoid", "Softplus", "Softsign", "Tanh", "ThresholdedRelu");

  /** The longest known writing, GELU by a hyperbolic tangent, has nine nodes. */
  private static final int MOST_NODES = 16;

  /** Half the distance between the two writings of GELU, beyond the rounding of constants. */
  private static final double TOLERANCE = 1e-4;

  private static final double[] POINTS =
      IntStream.rangeClosed(-40, 40).mapToDouble(i -> i * 0.21 + 0.013).toArray();

  private static final List<Activation> KNOWN =
      List.of(
          Clamp.RELU,
          new Clamp(0, 6),
          Activation.Curve.of(ActivationFunction.SIGMOID),
          Activation.Curve.of(ActivationFunction.TANH),
          Activation.Curve.of(ActivationFunction.SILU),
          Activation.Curve.of(ActivationFunction.QUICK_GELU),
          Activation.Curve.of(ActivationFunction.HARD_SWISH),
          new Activation.Curve(ActivationFunction.HARD_SIGMOID, 1.0 / 6, 0.5),
          new Activation.Curve(ActivationFunction.HARD_SIGMOID, 0.2, 0.5),
          Activation.Curve.of(ActivationFunction.MISH),
          Activation.Curve.of(ActivationFunction.GELU),
          Activation.Curve.of(ActivationFunction.GELU_TANH),
          Activation.Curve.of(ActivationFunction.SOFTPLUS));

  private final OnnxNetwork network;
  private final Map<String, double[]> values = new HashMap<>();
  private final Set<Onnx.NodeProto> inside = Collections.newSetFromMap(new IdentityHashMap<>());

  private ScalarExpression(OnnxNetwork network, String tensor) {
    this.network = network;
    values.put(tensor, POINTS);
  }

  /** The function in which all readers of a tensor meet, where it is a known one. */
  static Optional<Activation> behind(OnnxNetwork network, String tensor) {
    return new ScalarExpression(network, tensor).grow();
  }

  private Optional<Activation> grow() {
    for (int count = 0; count < MOST_NODES; count++) {
      Optional<Onnx.NodeProto> next =
          values.keySet().stream()
              .sorted()
              .flatMap(tensor -> network.consumers(tensor).stream())
              .filter(node -> !inside.contains(node) && evaluate(node).isPresent())
              .findFirst();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      inside.add(next.get());
      values.put(next.get().getOutput(0), evaluate(next.get()).orElseThrow());
      Optional<Activation> found = meeting().flatMap(ScalarExpression::known);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** The one value that is seen outside. */
  private Optional<double[]> meeting() {
    Set<String> open = new HashSet<>(values.keySet());
    open.removeIf(
        tensor ->
            !network.isOutput(tensor)
                && !network.consumers(tensor).isEmpty()
                && inside.containsAll(network.consumers(tensor)));
    return open.size() == 1 ? Optional.of(values.get(open.iterator().next())) : Optional.empty();
  }

  private static Optional<Activation> known(double[] values) {
    return KNOWN.stream().filter(activation -> agrees(activation, values)).findFirst();
  }

  private static boolean agrees(Activation activation, double[] values) {
    return IntStream.range(0, values.length)
        .allMatch(
            i -> {
              double expected = activation.channels(1).get(0).apply(POINTS[i]);
              return Math.abs(values[i] - expected) <= TOLERANCE * (1 + 0.1 * Math.abs(expected));
            });
  }

  private Optional<double[]> input(Onnx.NodeProto node, int index) {
    String name = node.getInput(index);
    if (values.containsKey(name)) {
      return Optional.of(values.get(name));
    }
    return network
        .constant(name)
        .filter(tensor -> Tensors.isFloat(tensor) && Tensors.elements(tensor) == 1)
        .map(
            tensor -> {
              double[] same = new double[POINTS.length];
              Arrays.fill(same, Tensors.floats(tensor)[0]);
              return same;
            });
  }

  private Optional<double[]> evaluate(Onnx.NodeProto node) {
    if (!OnnxNetwork.isStandard(node)) {
      return Optional.empty();
    }
    return switch (node.getOpType()) {
      case "Add" -> binary(node, Double::sum);
      case "Sub" -> binary(node, (a, b) -> a - b);
      case "Mul" -> binary(node, (a, b) -> a * b);
      case "Div" -> binary(node, (a, b) -> a / b);
      case "Pow" -> binary(node, StrictMath::pow);
      case "Max" -> binary(node, Math::max);
      case "Min" -> binary(node, Math::min);
      case "Neg" -> unary(node, y -> -y);
      case "Exp" -> unary(node, StrictMath::exp);
      case "Erf" -> unary(node, ActivationFunction::erf);
      case "Identity" -> unary(node, y -> y);
      case "Relu" -> unary(node, y -> Math.max(0, y));
      case "Tanh" -> unary(node, StrictMath::tanh);
      case "Sigmoid" -> unary(node, y -> ActivationFunction.SIGMOID.value(y, 0, 0));
      case "Softplus" -> unary(node, y -> ActivationFunction.SOFTPLUS.value(y, 0, 0));
      case "Clip" -> clip(node);
      case "HardSigmoid" -> {
        double alpha = NodeAttributes.real(node, "alpha", 0.2f);
        double beta = NodeAttributes.real(node, "beta", 0.5f);
        yield unary(node, y -> ActivationFunction.HARD_SIGMOID.value(y, alpha, beta));
      }
      default -> Optional.empty();
    };
  }

  private Optional<double[]> clip(Onnx.NodeProto node) {
    return ActivationFinder.clip(network, node).activation() instanceof Clamp clamp
            && !clamp.isIdentity()
        ? unary(node, clamp::apply)
        : Optional.empty();
  }

  private Optional<double[]> unary(Onnx.NodeProto node, DoubleUnaryOperator function) {
    return input(node, 0).map(values -> Arrays.stream(values).map(function).toArray());
  }

  private Optional<double[]> binary(Onnx.NodeProto node, DoubleBinaryOperator function) {
    if (node.getInputCount() != 2) {
      return Optional.empty();
    }
    return input(node, 0)
        .flatMap(
            left ->
                input(node, 1)
                    .map(
                        right ->
                            IntStream.range(0, left.length)
                                .mapToDouble(i -> function.applyAsDouble(left[i], right[i]))
                                .toArray()));
  }
}
