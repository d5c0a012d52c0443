package io.pare.model.gradient;

import io.pare.model.NodeAttributes;
import io.pare.model.Tensors;
import io.pare.model.gradient.graph.GraphWriter;
import io.pare.model.proto.Onnx;
import java.util.List;
import java.util.Optional;

/** Smooth functions of each value alone, by their derivatives. Stateless. */
final class Functions {
  private Functions() {}

  /** x tanh(softplus(x)). */
  static String mish(Adjoint node) {
    GraphWriter graph = node.graph();
    String t = graph.apply("Tanh", graph.apply("Softplus", node.input(0)));
    String inner = graph.multiply(node.input(0), graph.apply("Sigmoid", node.input(0)));
    return graph.add(t, graph.multiply(inner, Activations.oneMinusSquare(node, t)));
  }

  /** x Phi(x), or its approximation by tanh (ONNX, Gelu). */
  static String gelu(Adjoint node) {
    GraphWriter graph = node.graph();
    String x = node.input(0);
    String square = graph.multiply(x, x);
    if (NodeAttributes.text(node.node(), "approximate", "none").equals("tanh")) {
      double scale = Math.sqrt(2 / Math.PI);
      String cubic = graph.multiply(square, node.scalar(0.044715 * scale));
      String inner = graph.multiply(x, graph.add(cubic, node.scalar(scale)));
      String t = graph.apply("Tanh", inner);
      String steep = graph.add(graph.multiply(cubic, node.scalar(3)), node.scalar(scale));
      String right = graph.multiply(graph.multiply(x, Activations.oneMinusSquare(node, t)), steep);
      String both = graph.add(graph.add(t, node.scalar(1)), right);
      return graph.multiply(both, node.scalar(0.5));
    }
    String erf = graph.apply("Erf", graph.multiply(x, node.scalar(Math.sqrt(0.5))));
    String phi = graph.apply("Exp", graph.multiply(square, node.scalar(-0.5)));
    String density = graph.multiply(phi, node.scalar(1 / Math.sqrt(2 * Math.PI)));
    String cumulative = graph.multiply(graph.add(erf, node.scalar(1)), node.scalar(0.5));
    return graph.add(cumulative, graph.multiply(x, density));
  }

  static String softplus(Adjoint node) {
    return node.graph().apply("Sigmoid", node.input(0));
  }

  static String softsign(Adjoint node) {
    GraphWriter graph = node.graph();
    String one = graph.add(graph.apply("Abs", node.input(0)), node.scalar(1));
    return graph.apply("Reciprocal", graph.multiply(one, one));
  }

  static String erf(Adjoint node) {
    GraphWriter graph = node.graph();
    String square = graph.multiply(node.input(0), node.input(0));
    String bell = graph.apply("Exp", graph.apply("Neg", square));
    return graph.multiply(bell, node.scalar(2 / Math.sqrt(Math.PI)));
  }

  static String exp(Adjoint node) {
    return node.output();
  }

  static String log(Adjoint node) {
    return node.graph().apply("Reciprocal", node.input(0));
  }

  static String sqrt(Adjoint node) {
    return node.graph().divide(node.scalar(0.5), node.output());
  }

  static String abs(Adjoint node) {
    return node.graph().apply("Sign", node.input(0));
  }

  static String reciprocal(Adjoint node) {
    GraphWriter graph = node.graph();
    return graph.apply("Neg", graph.multiply(node.output(), node.output()));
  }

  /** Whether the exponent is a constant of floats or integers. */
  static boolean hasConstantExponent(Adjoint node) {
    return node.constant(1).filter(e -> exponents(e).isPresent()).isPresent();
  }

  private static Optional<float[]> exponents(Onnx.TensorProto exponent) {
    return Tensors.isFloat(exponent)
        ? Optional.of(Tensors.floats(exponent))
        : Tensors.integers(exponent).map(Functions::floats);
  }

  private static float[] floats(long[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }

  /** x to a constant power, which may be repeated along axes. */
  static void pow(Adjoint node) {
    GraphWriter graph = node.graph();
    Onnx.TensorProto exponent = node.constant(1).orElseThrow();
    float[] powers = exponents(exponent).orElseThrow();
    long[] dims = Tensors.dims(exponent);
    float[] less = new float[powers.length];
    for (int i = 0; i < less.length; i++) {
      less[i] = powers[i] - 1;
    }
    boolean square = powers.length == 1 && powers[0] == 2;
    String power =
        square
            ? node.input(0)
            : graph.write("Pow", List.of(node.input(0), graph.floats(node.type(), dims, less)));
    String slope = graph.multiply(power, graph.floats(node.type(), dims, powers));
    node.giveBroadcast(0, graph.multiply(node.gradient(), slope));
  }
}
