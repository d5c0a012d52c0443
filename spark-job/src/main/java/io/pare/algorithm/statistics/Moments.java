package io.pare.algorithm.statistics;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;

/**
 * First and second moments of a layer's inputs and of its target (algorithm.md section 2), centred
 * and divided by the number of samples.
 *
 * @param count samples, at least 1
 * @param inputMean mu_x, d entries
 * @param targetMean mu_u, n entries
 * @param gram G without ridge, d x d, symmetric
 * @param cross C without ridge, n x d
 * @param targetEnergy mean of {@code ||u - mu_u||^2}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Moments(
    long count,
    double[] inputMean,
    double[] targetMean,
    Matrix gram,
    Matrix cross,
    double targetEnergy) {

  public Moments {
    if (count < 1) {
      throw new IllegalArgumentException("moments need at least one sample");
    }
    DenseAlgebra.requireFinite(gram, "Gram matrix");
    DenseAlgebra.requireFinite(cross, "cross moments");
  }

  /**
   * Gathers moments one block of samples at a time. The products run in single precision on values
   * centred about the mean of the first block, the sums in double: memory does not grow with the
   * number of samples, and blocks added in one order always give the same bits. Not thread-safe.
   */
  public static final class Accumulator {
    private final int inputs;
    private final int targets;
    private final double[] inputSum;
    private final double[] targetSum;
    private final double[] gram;
    private final double[] cross;
    private float[] inputShift;
    private float[] targetShift;
    private double targetSquares;
    private long count;

    /**
     * An empty accumulator.
     *
     * @param inputs d
     * @param targets n
     */
    public Accumulator(int inputs, int targets) {
      this.inputs = inputs;
      this.targets = targets;
      inputSum = new double[inputs];
      targetSum = new double[targets];
      gram = new double[Math.multiplyExact(inputs, inputs)];
      cross = new double[Math.multiplyExact(targets, inputs)];
      inputShift = new float[0];
      targetShift = new float[0];
    }

    /**
     * Adds a block.
     *
     * @param x inputs, rows x d
     * @param u targets, rows x n
     */
    public void add(Samples x, Samples u) {
      if (x.columns() != inputs || u.columns() != targets || x.rows() != u.rows()) {
        throw new IllegalArgumentException(
            "a block of " + x + " and " + u + " does not fit " + inputs + " inputs and " + targets);
      }
      if (x.rows() == 0) {
        return;
      }
      if (count == 0) {
        inputShift = x.columnMeans();
        targetShift = u.columnMeans();
      }
      float[] centredX = x.centred(inputShift, inputSum);
      float[] centredU = u.centred(targetShift, targetSum);
      for (float value : centredU) {
        targetSquares += (double) value * value;
      }
      DenseAlgebra.addGram(centredX, x.rows(), inputs, gram);
      DenseAlgebra.addCross(centredU, centredX, x.rows(), targets, inputs, cross);
      count += x.rows();
    }

    /** The moments of everything added; the accumulator must not be used afterwards. */
    public Moments moments() {
      if (count == 0) {
        throw new IllegalStateException("no samples were added");
      }
      DenseAlgebra.mirror(gram, inputs);
      double[] inputOffset = divided(inputSum);
      double[] targetOffset = divided(targetSum);
      centre(gram, inputOffset, inputOffset);
      centre(cross, targetOffset, inputOffset);
      double energy = targetSquares / count;
      for (double offset : targetOffset) {
        energy -= offset * offset;
      }
      return new Moments(
          count,
          sum(inputShift, inputOffset),
          sum(targetShift, targetOffset),
          new Matrix(inputs, inputs, gram),
          new Matrix(targets, inputs, cross),
          Math.max(0, energy));
    }

    private double[] divided(double[] values) {
      double[] result = values.clone();
      for (int k = 0; k < result.length; k++) {
        result[k] /= count;
      }
      return result;
    }

    private void centre(double[] products, double[] rowOffset, double[] columnOffset) {
      int width = columnOffset.length;
      for (int i = 0; i < rowOffset.length; i++) {
        for (int j = 0; j < width; j++) {
          int k = i * width + j;
          products[k] = products[k] / count - rowOffset[i] * columnOffset[j];
        }
      }
    }

    private static double[] sum(float[] shift, double[] offset) {
      double[] result = offset.clone();
      for (int k = 0; k < result.length; k++) {
        result[k] += shift[k];
      }
      return result;
    }
  }
}
