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
    int taps = shape.kernelHeight() * shape.kernelWidth();
    List<Component> components = new ArrayList<>();
    LowRank lowRank = structure.lowRank();
    if (lowRank instanceof LowRank.Channel form) {
      components.add(
          new Component.ChannelFactors(
              matrix(form.rank(), shape.columns(), random), matrix(n, form.rank(), random)));
    } else if (lowRank instanceof LowRank.Spatial form) {
      components.add(
          new Component.SpatialFactors(
              matrix(form.rank(), shape.inputChannels() * shape.kernelHeight(), random),
              matrix(n, form.rank() * shape.kernelWidth(), random)));
    } else if (lowRank instanceof LowRank.Tucker form) {
      components.add(
          new Component.TuckerFactors(
              matrix(form.inputRank(), shape.inputChannels(), random),
              matrix(form.outputRank(), form.inputRank() * taps, random),
              matrix(n, form.outputRank(), random)));
    } else if (lowRank instanceof LowRank.Chain form) {
      components.add(
          new Component.ChainFactors(
              matrix(form.rank(), shape.inputChannels() * shape.kernelHeight(), random),
              matrix(form.outputRank(), form.rank() * shape.kernelWidth(), random),
              matrix(n, form.outputRank(), random)));
    }
    int[] indices = structure.support().indices();
    if (structure.support().hasChannels()) {
      components.add(
          new Component.InputChannels(indices, matrix(n, indices.length * taps, random)));
    } else if (structure.support().hasFilters()) {
      components.add(
          new Component.Filters(indices, matrix(indices.length, shape.columns(), random)));
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
