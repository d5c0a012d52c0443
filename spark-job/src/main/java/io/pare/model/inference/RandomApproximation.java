package io.pare.model.inference;

import io.pare.algorithm.Approximation;
import io.pare.algorithm.Component;
import io.pare.algorithm.LayerShape;
import io.pare.algorithm.LowRank;
import io.pare.algorithm.Matrix;
import io.pare.algorithm.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws the numbers of an approximation of which only the sizes matter. Stateless. */
final class RandomApproximation {
  private RandomApproximation() {}

  static Approximation of(LayerShape shape, Structure.Sum structure, Random random) {
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
