package io.pare.model.gradient;

import io.pare.algorithm.activation.ActivationFunction;
import io.pare.model.NodeAttributes;
import io.pare.model.gradient.graph.GraphWriter;
import java.util.List;
import java.util.Optional;

/**
 * Functions of each value alone. Where a function has a fold, the derivative there is that of one
 * of its sides. The output is read instead of the input where both tell the derivative: then ONNX
 * Runtime can still fuse the function into the operator before it. Stateless.
 */
final class Activations {
  /** The derivative at every value of the input, as a tensor. */
  @FunctionalInterface
  interface Derivative {
    String at(Adjoint node);
  }

  private Activations() {}

  /** The gradient times the derivative. */
  static OperatorGradient times(Derivative derivative) {
    return node -> node.give(0, node.graph().multiply(node.gradient(), derivative.at(node)));
  }

  /** The gradient as it is. */
  static void pass(Adjoint node) {
    node.give(0, node.gradient());
  }

  /** Between floats of different widths. */
  static void cast(Adjoint node) {
    String back =
        node.graph()
            .write("Cast", List.of(node.gradient()), NodeAttributes.number("to", node.type(0)));
    node.give(0, back);
  }

  static void negate(Adjoint node) {
    node.give(0, node.graph().apply("Neg", node.gradient()));
  }

  static void relu(Adjoint node) {
    GraphWriter graph = node.graph();
    String positive = graph.greater(node.output(), node.scalar(0));
    node.give(0, graph.masked(positive, node.gradient(), node.type()));
  }

  static void thresholdedRelu(Adjoint node) {
    GraphWriter graph = node.graph();
    String passes = graph.greater(node.input(0), node.scalar(real(node, "alpha", 1)));
    node.give(0, graph.masked(passes, node.gradient(), node.type()));
  }

  static void leakyRelu(Adjoint node) {
    node.give(0, leaky(node, node.scalar(real(node, "alpha", 0.01f))));
  }

  private static String leaky(Adjoint node, String slope) {
    GraphWriter graph = node.graph();
    String negative = graph.less(node.input(0), node.scalar(0));
    return graph.where(negative, graph.multiply(node.gradient(), slope), node.gradient());
  }

  static void parametricRelu(Adjoint node) {
    GraphWriter graph = node.graph();
    if (node.wants(0)) {
      node.give(0, leaky(node, node.input(1)));
    }
    if (node.wants(1)) {
      String negative = graph.write("Min", List.of(node.input(0), node.scalar(0)));
      node.giveBroadcast(1, graph.multiply(node.gradient(), negative));
    }
  }

  /** Bounds are attributes before operator set 11 and inputs since. */
  static void clip(Adjoint node) {
    GraphWriter graph = node.graph();
    String gradient = node.gradient();
    Optional<String> low = bound(node, 1, "min");
    Optional<String> high = bound(node, 2, "max");
    if (low.isPresent()) {
      String inside = graph.greater(node.input(0), low.get());
      gradient = graph.masked(inside, gradient, node.type());
    }
    if (high.isPresent()) {
      String inside = graph.less(node.input(0), high.get());
      gradient = graph.masked(inside, gradient, node.type());
    }
    node.give(0, gradient);
  }

  private static Optional<String> bound(Adjoint node, int index, String attribute) {
    return node.has(index)
        ? Optional.of(node.input(index))
        : NodeAttributes.find(node.node(), attribute).map(a -> node.scalar(a.getF()));
  }

  static String elu(Adjoint node) {
    return exponential(node, 1, real(node, "alpha", 1), 1);
  }

  static String selu(Adjoint node) {
    double gamma = real(node, "gamma", ActivationFunction.SELU_GAMMA);
    return exponential(node, gamma, gamma * real(node, "alpha", ActivationFunction.SELU_ALPHA), 1);
  }

  static String celu(Adjoint node) {
    double alpha = real(node, "alpha", 1);
    return exponential(node, 1, 1, 1 / alpha);
  }

  /** A line above zero; below it the output times a factor and an offset. */
  private static String exponential(Adjoint node, double line, double offset, double factor) {
    GraphWriter graph = node.graph();
    String scaled =
        factor == 1 ? node.output() : graph.multiply(node.output(), node.scalar(factor));
    String negative = graph.less(node.input(0), node.scalar(0));
    return graph.where(negative, graph.add(scaled, node.scalar(offset)), node.scalar(line));
  }

  static String sigmoid(Adjoint node) {
    GraphWriter graph = node.graph();
    return graph.multiply(node.output(), graph.subtract(node.scalar(1), node.output()));
  }

  static String hardSigmoid(Adjoint node) {
    String inside = between(node, node.output(), 0, 1);
    return node.graph().where(inside, node.scalar(real(node, "alpha", 0.2f)), node.scalar(0));
  }

  private static String between(Adjoint node, String value, double low, double high) {
    GraphWriter graph = node.graph();
    return graph.write(
        "And",
        List.of(graph.greater(value, node.scalar(low)), graph.less(value, node.scalar(high))));
  }

  /** x h with h = clip(x / 6 + 1/2, 0, 1). */
  static String hardSwish(Adjoint node) {
    GraphWriter graph = node.graph();
    String x = node.input(0);
    String slope = graph.add(graph.divide(x, node.scalar(3)), node.scalar(0.5));
    String one = node.scalar(1);
    String above = graph.where(graph.less(x, node.scalar(3)), slope, one);
    return graph.where(graph.greater(x, node.scalar(-3)), above, node.scalar(0));
  }

  static String tanh(Adjoint node) {
    return oneMinusSquare(node, node.output());
  }

  static String oneMinusSquare(Adjoint node, String value) {
    GraphWriter graph = node.graph();
    return graph.subtract(node.scalar(1), graph.multiply(value, value));
  }

  private static double real(Adjoint node, String name, float absent) {
    return NodeAttributes.real(node.node(), name, absent);
  }
}
