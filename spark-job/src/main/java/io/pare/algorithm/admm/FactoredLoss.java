package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import java.util.Arrays;

/**
 * The loss of a layer with many columns. One inverse of {@code G + penalty I} for a penalty, found
 * in double and used in single precision, so that an update is one product; a new penalty costs as
 * much as some updates and is considered less often. Not thread-safe.
 */
final class FactoredLoss extends Loss {
  private static final int POWER_STEPS = 20;
  private static final int BALANCING_INTERVAL = 7;

  private final Work work;
  private final double largest;
  private final double smallest;
  private double penaltyInUse = Double.NaN;
  private float[] inverse = new float[0];

  FactoredLoss(Regression regression, Work work) {
    super(regression);
    this.work = work;
    largest = largest(gram());
    smallest = regression.ridge() > 0 ? regression.ridge() : leastDiagonal(gram());
  }

  @Override
  double largestEigenvalue() {
    return largest;
  }

  @Override
  double smallestEigenvalue() {
    return smallest;
  }

  @Override
  int balancingInterval() {
    return BALANCING_INTERVAL;
  }

  @Override
  Matrix resolve(Matrix right, double penalty) {
    int d = gram().rows();
    if (penalty != penaltyInUse) {
      inverse = new float[0]; // the old one need not lie beside the new one
      inverse = DenseAlgebra.shiftedInverse(gram(), penalty);
      penaltyInUse = penalty;
      work.inverse(d);
    }
    work.singleProduct(right.rows(), d, d);
    float[] product = DenseAlgebra.multiplyTransposed(right.floats(), inverse, right.rows(), d, d);
    return Matrix.of(right.rows(), d, product);
  }

  /** By the power method; what it misses only narrows the interval of penalties. */
  private static double largest(Matrix gram) {
    int d = gram.rows();
    double[] x = new double[d];
    Arrays.fill(x, 1 / Math.sqrt(d));
    double norm = 0;
    for (int step = 0; step < POWER_STEPS; step++) {
      double[] y = new double[d];
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          y[i] += gram.values()[i * d + j] * x[j];
        }
      }
      norm = Math.sqrt(Arrays.stream(y).map(value -> value * value).sum());
      for (int i = 0; i < d; i++) {
        x[i] = y[i] / norm;
      }
    }
    return norm;
  }

  private static double leastDiagonal(Matrix gram) {
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < gram.rows(); k++) {
      least = Math.min(least, gram.at(k, k));
    }
    return least;
  }
}
