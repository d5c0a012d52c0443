package io.pare.algorithm.structure;

import io.pare.algorithm.dense.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws the numbers of an approximation of which only the sizes matter. Stateless. */
public final class RandomApproximation {
  private RandomApproximation() {}

  /**
   * An approximation of that structure with entries around zero.
   *
   * @param shape of one group of the layer
   */
  public static Approximation of(LayerShape shape, Structure.Sum structure, Random random) {
    int n = shape.outputs();
    List<Component> components = new ArrayList<>();
    LowRank lowRank = structure.lowRank();
    if (!lowRank.isNone()) {
      Matrix[] kernels = new Matrix[lowRank.form().taps().size()];
      for (int k = 0; k < kernels.length; k++) {
        kernels[k] = matrix(lowRank.outputs(k, shape), lowRank.columns(k, shape), random);
      }
      components.add(Component.Factors.of(lowRank.form(), kernels));
    }
    int[] indices = structure.support().indices();
    if (structure.support().hasInputs()) {
      Matrix kernel = matrix(n, indices.length * Taps.ALL.count(shape), random);
      components.add(new Component.KeptInputs(indices, kernel));
    } else if (structure.support().hasFilters()) {
      Matrix kernel = matrix(indices.length, shape.columns(), random);
      components.add(new Component.KeptFilters(indices, kernel));
    }
    return new Approximation(components, matrix(1, n, random).values());
  }

  private static Matrix matrix(int rows, int columns, Random random) {
    Matrix matrix = Matrix.zeros(rows, columns);
    for (int i = 0; i < matrix.values().length; i++) {
      matrix.values()[i] = random.nextDouble() - 0.5;
    }
    return matrix;
  }
}
