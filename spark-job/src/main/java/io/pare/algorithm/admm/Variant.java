package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import java.util.List;

/** The order in which one iteration updates the blocks; the multiplier always comes last. */
public enum Variant {
  /**
   * The first block, then the second, then the third, each from the newest others. Fast, and
   * convergent where the third function is strongly convex and the penalty small enough (Cai, Han
   * and Yuan 2017); without such conditions it can diverge (Chen, He, Ye and Yuan 2016).
   */
  GAUSS_SEIDEL {
    @Override
    Step step(List<Block> blocks, Iterate z, double penalty) {
      Block.Update first =
          blocks.get(0).nearest(negativeSum(z.second(), z.third(), z.scaledDual()), penalty);
      Block.Update second =
          blocks.get(1).nearest(negativeSum(first.image(), z.third(), z.scaledDual()), penalty);
      return finish(blocks, z, first, second, penalty);
    }

    @Override
    double dualResidual(Iterate old, Iterate now, double penalty) {
      double squares = 0;
      for (int k = 0; k < now.size(); k++) {
        double second = now.second().values()[k] - old.second().values()[k];
        double third = now.third().values()[k] - old.third().values()[k];
        squares += (second + third) * (second + third) + third * third;
      }
      return penalty * Math.sqrt(squares);
    }
  },

  /**
   * The first and second block side by side, as one block with the proximal term {@code 1/2 ||x -
   * x_old||^2} in the metric {@code penalty (2 diag(E1^T E1, E2^T E2) - E^T E)}, E = [E1 E2]; then
   * the third. A two-block semi-proximal method: it converges for every penalty by convexity alone
   * (Fazel, Pong, Sun and Tseng 2013).
   */
  SEMI_PROXIMAL {
    @Override
    Step step(List<Block> blocks, Iterate z, double penalty) {
      Matrix sum = negativeSum(z.residual(), z.scaledDual());
      Matrix firstPoint = DenseAlgebra.combine(z.first(), sum, 0.5);
      Matrix secondPoint = DenseAlgebra.combine(z.second(), sum, 0.5);
      Block.Update first = blocks.get(0).nearest(firstPoint, 2 * penalty);
      Block.Update second = blocks.get(1).nearest(secondPoint, 2 * penalty);
      return finish(blocks, z, first, second, penalty);
    }

    @Override
    double dualResidual(Iterate old, Iterate now, double penalty) {
      double squares = 0;
      for (int k = 0; k < now.size(); k++) {
        double first = now.first().values()[k] - old.first().values()[k];
        double second = now.second().values()[k] - old.second().values()[k];
        double third = now.third().values()[k] - old.third().values()[k];
        double ofFirst = first - second - third;
        double ofSecond = second - first - third;
        squares += ofFirst * ofFirst + ofSecond * ofSecond;
      }
      return penalty * Math.sqrt(squares);
    }
  };

  abstract Step step(List<Block> blocks, Iterate iterate, double penalty);

  /**
   * The Frobenius norm of (s_1, s_2), where s_i is an element of {@code df_i(x_i) + E_i^T L} at the
   * new iterate, zero at a solution (Boyd et al. 2011, section 3.3). The third block's is always
   * zero.
   */
  abstract double dualResidual(Iterate old, Iterate now, double penalty);

  /**
   * The state between two iterations.
   *
   * @param first E1 x1
   * @param second E2 x2
   * @param third E3 x3
   * @param scaledDual L / penalty
   */
  record Iterate(Matrix first, Matrix second, Matrix third, Matrix scaledDual) {

    /** E1 x1 + E2 x2 + E3 x3. */
    Matrix residual() {
      return DenseAlgebra.combine(DenseAlgebra.combine(first, second, 1), third, 1);
    }

    /** The same multiplier under another penalty. */
    Iterate rescaled(double from, double to) {
      double factor = from / to - 1;
      return new Iterate(
          first, second, third, DenseAlgebra.combine(scaledDual, scaledDual, factor));
    }

    int size() {
      return first.values().length;
    }
  }

  /** One iteration's outcome: where it led, and what the blocks say about it. */
  record Step(Iterate iterate, Matrix residual, double value, int firstActive, int secondActive) {}

  private static Step finish(
      List<Block> blocks, Iterate z, Block.Update first, Block.Update second, double penalty) {
    Block.Update third =
        blocks.get(2).nearest(negativeSum(first.image(), second.image(), z.scaledDual()), penalty);
    Iterate moved = new Iterate(first.image(), second.image(), third.image(), z.scaledDual());
    Matrix residual = moved.residual();
    Matrix dual = DenseAlgebra.combine(z.scaledDual(), residual, 1);
    return new Step(
        new Iterate(moved.first(), moved.second(), moved.third(), dual),
        residual,
        first.value() + second.value() + third.value(),
        first.active(),
        second.active());
  }

  private static Matrix negativeSum(Matrix... terms) {
    double[] values = new double[terms[0].values().length];
    for (Matrix term : terms) {
      for (int k = 0; k < values.length; k++) {
        values[k] -= term.values()[k];
      }
    }
    return new Matrix(terms[0].rows(), terms[0].columns(), values);
  }
}
