package io.pare.algorithm;

import static io.pare.algorithm.DenseAlgebraTest.RandomMatrices.normal;

/** Seeded samples with a mean and a covariance far from the identity, as activations have. */
final class SyntheticSamples {

  private SyntheticSamples() {}

  static Samples correlated(int rows, int columns, long seed) {
    Matrix mixing = normal(columns, columns, seed);
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j < columns; j++) {
        mixing.set(i, j, mixing.at(i, j) / (1 + i));
      }
    }
    Matrix values = DenseAlgebra.multiply(normal(rows, columns, seed + 1), mixing);
    float[] floats = DenseAlgebraTest.floats(values);
    for (int k = 0; k < floats.length; k++) {
      floats[k] += 0.5f + k % columns * 0.1f;
    }
    return new Samples(rows, columns, floats);
  }
}
