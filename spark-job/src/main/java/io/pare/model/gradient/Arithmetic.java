package io.pare.model.gradient;

import io.pare.model.gradient.graph.GraphWriter;
import java.util.List;

/**
 * Sums, products and choices of several tensors that are repeated along axes to a common shape; the
 * gradient of each is summed over the axes it was repeated along. Stateless.
 */
final class Arithmetic {
  private Arithmetic() {}

  /** Add and Sum. */
  static void sum(Adjoint node) {
    for (int i = 0; i < node.inputs(); i++) {
      if (node.wants(i)) {
        node.giveBroadcast(i, node.gradient());
      }
    }
  }

  static void mean(Adjoint node) {
    String share = node.graph().multiply(node.gradient(), node.scalar(1.0 / node.inputs()));
    for (int i = 0; i < node.inputs(); i++) {
      if (node.wants(i)) {
        node.giveBroadcast(i, share);
      }
    }
  }

  static void subtract(Adjoint node) {
    if (node.wants(0)) {
      node.giveBroadcast(0, node.gradient());
    }
    if (node.wants(1)) {
      node.giveBroadcast(1, node.graph().apply("Neg", node.gradient()));
    }
  }

  static void multiply(Adjoint node) {
    for (int i = 0; i < 2; i++) {
      if (node.wants(i)) {
        node.giveBroadcast(i, node.graph().multiply(node.gradient(), node.input(1 - i)));
      }
    }
  }

  static void divide(Adjoint node) {
    GraphWriter graph = node.graph();
    String quotient = graph.divide(node.gradient(), node.input(1));
    if (node.wants(0)) {
      node.giveBroadcast(0, quotient);
    }
    if (node.wants(1)) {
      node.giveBroadcast(1, graph.apply("Neg", graph.multiply(quotient, node.output())));
    }
  }

  /** Min and Max: to every input that is the result; on a tie to all of them. */
  static void extreme(Adjoint node) {
    GraphWriter graph = node.graph();
    String other = node.operator().equals("Max") ? "Less" : "Greater";
    for (int i = 0; i < node.inputs(); i++) {
      if (node.wants(i)) {
        String loses = graph.write(other, List.of(node.input(i), node.output()));
        node.giveBroadcast(i, graph.where(loses, node.scalar(0), node.gradient()));
      }
    }
  }

  static void where(Adjoint node) {
    GraphWriter graph = node.graph();
    if (node.wants(1)) {
      String first = graph.where(node.input(0), node.gradient(), node.scalar(0));
      node.giveBroadcast(1, first);
    }
    if (node.wants(2)) {
      String second = graph.where(node.input(0), node.scalar(0), node.gradient());
      node.giveBroadcast(2, second);
    }
  }
}
