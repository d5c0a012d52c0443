package io.pare.model.gradient;

import io.pare.model.NodeAttributes;
import io.pare.model.gradient.graph.GraphWriter;
import io.pare.model.proto.Onnx;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Matrix products: the gradient of each factor is a product of the result's gradient with the other
 * factor, transposed. Stateless.
 */
final class Products {
  private static final int ADDEND_MAY_BE_ABSENT = 11;

  private Products() {}

  /** alpha A' B' + beta C, where A' and B' are A and B or their transposes. */
  static void gemm(Adjoint node) {
    long transposedA = NodeAttributes.number(node.node(), "transA", 0);
    long transposedB = NodeAttributes.number(node.node(), "transB", 0);
    String a = node.input(0);
    String b = node.input(1);
    String gradient = node.gradient();
    if (node.wants(0)) {
      node.give(
          0,
          transposedA == 0
              ? product(node, gradient, b, 0, 1 - transposedB)
              : product(node, b, gradient, transposedB, 1));
    }
    if (node.wants(1)) {
      node.give(
          1,
          transposedB == 0
              ? product(node, a, gradient, 1 - transposedA, 0)
              : product(node, gradient, a, 1, transposedA));
    }
    if (node.wants(2)) {
      float beta = NodeAttributes.real(node.node(), "beta", 1);
      String scaled = beta == 1 ? gradient : node.graph().multiply(gradient, node.scalar(beta));
      node.giveBroadcast(2, scaled);
    }
  }

  private static String product(Adjoint node, String a, String b, long transA, long transB) {
    String product =
        gemm(
            node.graph(),
            a,
            b,
            NodeAttributes.number("transA", transA),
            NodeAttributes.number("transB", transB));
    float alpha = NodeAttributes.real(node.node(), "alpha", 1);
    return alpha == 1 ? product : node.graph().multiply(product, node.scalar(alpha));
  }

  /** A product of two matrices and nothing added. */
  static String gemm(GraphWriter graph, String a, String b, Onnx.AttributeProto... attributes) {
    if (graph.opset() < ADDEND_MAY_BE_ABSENT) {
      String zero = graph.scalar(Onnx.TensorProto.DataType.FLOAT_VALUE, 0);
      return graph.write("Gemm", List.of(a, b, zero), attributes);
    }
    return graph.write("Gemm", List.of(a, b), attributes);
  }

  /** Whether both factors are matrices or stacks of them. */
  static boolean areMatrices(Adjoint node) {
    return node.shape(0).length >= 2 && node.shape(1).length >= 2;
  }

  static void matMul(Adjoint node) {
    GraphWriter graph = node.graph();
    long[] a = node.shape(0);
    long[] b = node.shape(1);
    if (node.wants(0)) {
      String product = matMul(graph, node.gradient(), turned(graph, node.input(1), b.length));
      node.give(0, node.reduced(product, batched(node, a), 0));
    }
    if (!node.wants(1)) {
      return;
    }
    if (b.length == 2 && a.length > 2) {
      String rows = graph.reshape(node.input(0), -1, a[a.length - 1]);
      String gradients = graph.reshape(node.gradient(), -1, b[1]);
      node.give(1, matMul(graph, graph.transpose(rows, 1, 0), gradients));
      return;
    }
    String product = matMul(graph, turned(graph, node.input(0), a.length), node.gradient());
    node.give(1, node.reduced(product, batched(node, b), 1));
  }

  static String matMul(GraphWriter graph, String left, String right) {
    return graph.write("MatMul", List.of(left, right));
  }

  /** With its last two axes exchanged. */
  static String turned(GraphWriter graph, String input, int rank) {
    int[] order = IntStream.range(0, rank).toArray();
    order[rank - 1] = rank - 2;
    order[rank - 2] = rank - 1;
    return graph.transpose(input, order);
  }

  /** The shape of a factor once it is repeated for the whole stack of the output. */
  private static long[] batched(Adjoint node, long[] factor) {
    long[] dims = node.shape(node.output()).clone();
    dims[dims.length - 2] = factor[factor.length - 2];
    dims[dims.length - 1] = factor[factor.length - 1];
    return dims;
  }
}
