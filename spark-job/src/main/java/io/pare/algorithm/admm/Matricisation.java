package io.pare.algorithm.admm;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;

/**
 * The rearrangement of the n x d matrix B whose rank counts. It moves entries only, so the nuclear
 * norm of the rearranged matrix is as convex as that of B.
 */
public enum Matricisation {
  /** B as it is, n x (c kh kw): rank of the channel form. */
  CHANNEL {
    @Override
    public Matrix unfold(Matrix matrix, LayerShape shape) {
      return matrix;
    }

    @Override
    public Matrix fold(Matrix unfolded, LayerShape shape) {
      return unfolded;
    }

    @Override
    int largestGroupRank(Groups groups, LayerShape shape) {
      return groups == Groups.FILTERS
          ? 1
          : Math.min(shape.outputs(), shape.kernelHeight() * shape.kernelWidth());
    }
  },

  /** (c kh) x (n kw): rank of the spatial form. */
  SPATIAL {
    @Override
    public Matrix unfold(Matrix matrix, LayerShape shape) {
      int width = shape.kernelWidth();
      int rows = shape.columns() / width;
      int columns = shape.outputs() * width;
      Matrix result = Matrix.zeros(rows, columns);
      for (int o = 0; o < shape.outputs(); o++) {
        for (int j = 0; j < rows; j++) {
          System.arraycopy(
              matrix.values(),
              o * shape.columns() + j * width,
              result.values(),
              j * columns + o * width,
              width);
        }
      }
      return result;
    }

    @Override
    public Matrix fold(Matrix unfolded, LayerShape shape) {
      int width = shape.kernelWidth();
      int columns = shape.outputs() * width;
      Matrix result = Matrix.zeros(shape.outputs(), shape.columns());
      for (int o = 0; o < shape.outputs(); o++) {
        for (int j = 0; j < unfolded.rows(); j++) {
          System.arraycopy(
              unfolded.values(),
              j * columns + o * width,
              result.values(),
              o * shape.columns() + j * width,
              width);
        }
      }
      return result;
    }

    @Override
    int largestGroupRank(Groups groups, LayerShape shape) {
      return groups == Groups.FILTERS
          ? Math.min(shape.inputChannels() * shape.kernelHeight(), shape.kernelWidth())
          : Math.min(shape.kernelHeight(), shape.outputs() * shape.kernelWidth());
    }
  };

  /** The n x d matrix rearranged. */
  public abstract Matrix unfold(Matrix matrix, LayerShape shape);

  /** The inverse of {@link #unfold}. */
  public abstract Matrix fold(Matrix unfolded, LayerShape shape);

  /** The low-rank component that a rank of the rearranged matrix stands for. */
  LowRank lowRank(int rank) {
    if (rank == 0) {
      return LowRank.NONE;
    }
    return this == CHANNEL ? new LowRank(Form.CHANNEL, rank) : new LowRank(Form.SPATIAL, rank);
  }

  /** The smaller side of the rearranged matrix. */
  int largestRank(LayerShape shape) {
    Matrix unfolded = unfold(Matrix.zeros(shape.outputs(), shape.columns()), shape);
    return Math.min(unfolded.rows(), unfolded.columns());
  }

  /** The largest rank of the rearrangement of a matrix that is zero outside one group. */
  abstract int largestGroupRank(Groups groups, LayerShape shape);
}
