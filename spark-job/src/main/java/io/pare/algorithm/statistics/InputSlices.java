package io.pare.algorithm.statistics;

import io.pare.algorithm.dense.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a fit in the space of the samples finds inputs and weights: in this task, or on the
 * executors. Slices are always added in the order of their columns, so that the bits do not depend
 * on where they are.
 */
public interface InputSlices {
  /** Columns of one slice, the last one aside: products of this size run at full speed. */
  int COLUMNS = 4096;

  /** The products of all columns. */
  SliceProducts products();

  /**
   * The slices of a first factor, in the order of their columns; see {@link InputSlice#factor}.
   *
   * @param leading r x n
   * @param coefficients r x samples
   */
  List<FactorSlice> factor(Matrix leading, Matrix coefficients);

  /**
   * Slices cut, one at a time, from samples and weights that the caller holds.
   *
   * @param samples inputs of the layer
   * @param weights W, n x d
   * @param width columns of a slice
   */
  static InputSlices of(SampleBlock samples, Samples weights, int width) {
    return new InputSlices() {
      @Override
      public SliceProducts products() {
        SliceProducts sum = slice(0).products();
        for (int first = width; first < weights.columns(); first += width) {
          sum = sum.plus(slice(first).products());
        }
        return sum;
      }

      @Override
      public List<FactorSlice> factor(Matrix leading, Matrix coefficients) {
        List<FactorSlice> factors = new ArrayList<>();
        for (int first = 0; first < weights.columns(); first += width) {
          factors.add(slice(first).factor(leading, coefficients));
        }
        return factors;
      }

      private InputSlice slice(int first) {
        int columns = Math.min(width, weights.columns() - first);
        return InputSlice.of(
            first, samples.columns(first, columns), weights.columns(first, columns));
      }
    };
  }
}
