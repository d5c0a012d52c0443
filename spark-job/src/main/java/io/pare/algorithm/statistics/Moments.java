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
 */
@SuppressWarnings("ArrayRecordComponent")
public record Moments(
    long count, double[] inputMean, double[] targetMean, Matrix gram, Matrix cross)
    implements LayerStatistics {

  public Moments {
    if (count < 1) {
      throw new IllegalArgumentException("moments need at least one sample");
    }
    DenseAlgebra.requireFinite(gram, "Gram matrix");
    DenseAlgebra.requireFinite(cross, "cross moments");
  }

  /**
   * The moments of sums over samples that are not centred; the matrices are given up.
   *
   * @param inputSum sum of x
   * @param targetSum sum of u
   * @param gram sum of x x^T
   * @param cross sum of u x^T
   */
  public static Moments of(
      long count, double[] inputSum, double[] targetSum, Matrix gram, Matrix cross) {
    double[] inputMean = divided(inputSum, count);
    double[] targetMean = divided(targetSum, count);
    centre(gram.values(), count, inputMean, inputMean);
    centre(cross.values(), count, targetMean, inputMean);
    return new Moments(count, inputMean, targetMean, gram, cross);
  }

  private static double[] divided(double[] values, long count) {
    double[] result = values.clone();
    for (int k = 0; k < result.length; k++) {
      result[k] /= count;
    }
    return result;
  }

  private static void centre(
      double[] products, long count, double[] rowOffset, double[] columnOffset) {
    int width = columnOffset.length;
    for (int i = 0; i < rowOffset.length; i++) {
      for (int j = 0; j < width; j++) {
        int k = i * width + j;
        products[k] = products[k] / count - rowOffset[i] * columnOffset[j];
      }
    }
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
      Moments shifted =
          Moments.of(
              count,
              inputSum,
              targetSum,
              new Matrix(inputs, inputs, gram),
              new Matrix(targets, inputs, cross));
      return new Moments(
          count,
          sum(inputShift, shifted.inputMean),
          sum(targetShift, shifted.targetMean),
          shifted.gram,
          shifted.cross);
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
