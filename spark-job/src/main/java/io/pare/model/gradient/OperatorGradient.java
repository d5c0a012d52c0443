package io.pare.model.gradient;

import java.util.function.Predicate;

/** How the gradient of what an operator computes becomes that of what it reads. Stateless. */
@FunctionalInterface
interface OperatorGradient {
  /** Writes the gradients of the inputs that want one. */
  void write(Adjoint node);

  /** Whether the gradient of this very node can be written. */
  default boolean covers(Adjoint node) {
    return true;
  }

  /** The same for nodes that meet a condition, and none for the others. */
  default OperatorGradient where(Predicate<Adjoint> condition) {
    OperatorGradient inner = this;
    return new OperatorGradient() {
      @Override
      public void write(Adjoint node) {
        inner.write(node);
      }

      @Override
      public boolean covers(Adjoint node) {
        return condition.test(node) && inner.covers(node);
      }
    };
  }
}
