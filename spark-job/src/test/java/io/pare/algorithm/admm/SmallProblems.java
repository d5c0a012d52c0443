package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.LayerShape;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Seeded problems with correlated inputs, small enough for slow independent solvers. */
final class SmallProblems {
  static final LayerShape POINTWISE = new LayerShape(6, 9, 1, 1);
  static final LayerShape SQUARE = new LayerShape(4, 3, 3, 3);
  static final LayerShape SPATIAL = new LayerShape(5, 4, 3, 2);

  private SmallProblems() {}

  static Regression regression(LayerShape shape, long seed) {
    int d = shape.columns();
    Matrix mixing = normal(d, d, seed);
    for (int k = 0; k < d * d; k++) {
      mixing.values()[k] /= 1 + k / d;
    }
    Matrix values = DenseAlgebra.multiply(normal(500, d, seed + 1), mixing);
    float[] floats = new float[values.values().length];
    for (int k = 0; k < floats.length; k++) {
      floats[k] = (float) values.values()[k];
    }
    Samples x = new Samples(500, d, floats);
    Matrix weights = normal(shape.outputs(), d, seed + 2);
    Moments.Accumulator accumulator = new Moments.Accumulator(d, shape.outputs());
    accumulator.add(x, x.transformed(weights, new double[shape.outputs()]));
    return Regression.of(shape, weights, accumulator.moments(), 1e-2);
  }

  /** Penalties under which both components are present. */
  static Penalties balanced(ExtendedAdmm admm, double share) {
    return Arrays.stream(AdmmPath.ratios(admm, 9))
        .mapToObj(ratio -> AdmmPath.ray(admm, ratio).at(share))
        .filter(penalties -> hasBoth(admm.solve(penalties)))
        .findFirst()
        .orElseThrow();
  }

  private static boolean hasBoth(AdmmSolution solution) {
    return solution.support().size() > 0 && solution.rank() > 0;
  }

  static Matrix normal(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix matrix = Matrix.zeros(rows, columns);
    for (int k = 0; k < rows * columns; k++) {
      matrix.values()[k] = random.nextGaussian();
    }
    return matrix;
  }

  static double distance(Matrix a, Matrix b) {
    return Residuals.norm(DenseAlgebra.subtract(a, b));
  }
}
