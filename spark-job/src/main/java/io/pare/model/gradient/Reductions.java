package io.pare.model.gradient;

import static io.pare.model.gradient.graph.TensorShapes.OPEN;

import io.pare.model.gradient.graph.GraphWriter;
import java.util.Arrays;

/** Sums, means and maxima over axes, and what repeats a tensor along axes. Stateless. */
final class Reductions {
  private Reductions() {}

  /** Whether the axes of a reduction are known, and how they can be put back. */
  static boolean hasConstantAxes(Adjoint node) {
    long[] in = node.shape(0);
    boolean restorable = node.shape(node.output()).length == in.length || open(in) <= 1;
    return restorable && node.axes(1, "axes", in.length).filter(a -> a.length > 0).isPresent();
  }

  static void sum(Adjoint node) {
    node.give(0, expanded(node, node.gradient()));
  }

  static void mean(Adjoint node) {
    long[] in = node.shape(0);
    long[] out = node.shape(node.output());
    GraphWriter graph = node.graph();
    String share;
    if (open(in) == open(out)) {
      double values = count(in) / count(out);
      share = graph.multiply(node.gradient(), node.scalar(1 / values));
    } else {
      String results = graph.count(node.output(), node.type());
      String ratio = graph.divide(results, graph.count(node.input(0), node.type()));
      share = graph.multiply(node.gradient(), ratio);
    }
    node.give(0, expanded(node, share));
  }

  private static long open(long[] dims) {
    return Arrays.stream(dims).filter(dim -> dim == OPEN).count();
  }

  /** Open dimensions, of which both have as many, count as one. */
  private static double count(long[] dims) {
    return Arrays.stream(dims).mapToDouble(dim -> Math.abs(dim)).reduce(1, (a, b) -> a * b);
  }

  static void sumOfSquares(Adjoint node) {
    GraphWriter graph = node.graph();
    String twice = graph.multiply(node.gradient(), node.scalar(2));
    node.give(0, graph.multiply(node.input(0), kept(node, twice)));
  }

  static void euclideanNorm(Adjoint node) {
    GraphWriter graph = node.graph();
    String ratio = graph.divide(node.gradient(), node.output());
    node.give(0, graph.multiply(node.input(0), kept(node, ratio)));
  }

  /** ReduceMax, ReduceMin and GlobalMaxPool: to every value that is the result, ties included. */
  static void extreme(Adjoint node) {
    GraphWriter graph = node.graph();
    String result = kept(node, node.output());
    String loses =
        node.operator().equals("ReduceMin")
            ? graph.greater(node.input(0), result)
            : graph.less(node.input(0), result);
    node.give(0, graph.where(loses, node.scalar(0), kept(node, node.gradient())));
  }

  /** Expand: the sum over the axes that were repeated. */
  static void repeat(Adjoint node) {
    node.giveBroadcast(0, node.gradient());
  }

  private static String expanded(Adjoint node, String tensor) {
    return node.graph().expandLike(kept(node, tensor), node.input(0), node.shape(0));
  }

  /** A tensor of the output's shape with the axes that were left out, of length 1. */
  private static String kept(Adjoint node, String tensor) {
    long[] in = node.shape(0);
    if (node.shape(node.output()).length == in.length) {
      return tensor;
    }
    long[] dims = in.clone();
    for (int axis : node.axes(1, "axes", in.length).orElseThrow()) {
      dims[axis] = 1;
    }
    return node.graph().reshape(tensor, dims);
  }
}
