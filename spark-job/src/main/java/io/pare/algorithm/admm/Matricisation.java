package io.pare.algorithm.admm;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Support;

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
    LowRank ofRank(int rank, LayerShape shape) {
      return new LowRank(Form.CHANNEL, rank);
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
    LowRank ofRank(int rank, LayerShape shape) {
      return new LowRank(Form.SPATIAL, rank);
    }

    @Override
    int largestGroupRank(Groups groups, LayerShape shape) {
      return groups == Groups.FILTERS
          ? Math.min(shape.inputChannels() * shape.kernelHeight(), shape.kernelWidth())
          : Math.min(shape.kernelHeight(), shape.outputs() * shape.kernelWidth());
    }
  },

  /** B as it is, where its rank is that of the outputs in the Tucker form. */
  TUCKER_OUTPUTS {
    @Override
    public Matrix unfold(Matrix matrix, LayerShape shape) {
      return matrix;
    }

    @Override
    public Matrix fold(Matrix unfolded, LayerShape shape) {
      return unfolded;
    }

    @Override
    LowRank ofRank(int rank, LayerShape shape) {
      return Form.TUCKER.at(shape, rank);
    }

    @Override
    int largestGroupRank(Groups groups, LayerShape shape) {
      return CHANNEL.largestGroupRank(groups, shape);
    }
  },

  /** c x (n kh kw), where its rank is that of the inputs in the Tucker form. */
  TUCKER_INPUTS {
    @Override
    public Matrix unfold(Matrix matrix, LayerShape shape) {
      Matrix result = Matrix.zeros(shape.inputChannels(), shape.outputs() * taps(shape));
      move(matrix.values(), result.values(), shape, false);
      return result;
    }

    @Override
    public Matrix fold(Matrix unfolded, LayerShape shape) {
      Matrix result = Matrix.zeros(shape.outputs(), shape.columns());
      move(result.values(), unfolded.values(), shape, true);
      return result;
    }

    private void move(double[] matrix, double[] unfolded, LayerShape shape, boolean back) {
      int taps = taps(shape);
      for (int o = 0; o < shape.outputs(); o++) {
        for (int c = 0; c < shape.inputChannels(); c++) {
          int here = (o * shape.inputChannels() + c) * taps;
          int there = (c * shape.outputs() + o) * taps;
          if (back) {
            System.arraycopy(unfolded, there, matrix, here, taps);
          } else {
            System.arraycopy(matrix, here, unfolded, there, taps);
          }
        }
      }
    }

    @Override
    LowRank ofRank(int rank, LayerShape shape) {
      // The step of the form counts outputs.
      long step = Math.round((double) rank * shape.outputs() / shape.inputChannels());
      return Form.TUCKER.at(shape, (int) Math.max(1, step));
    }

    @Override
    int largestGroupRank(Groups groups, LayerShape shape) {
      return groups == Groups.FILTERS ? Math.min(shape.inputChannels(), taps(shape)) : 1;
    }
  };

  private static int taps(LayerShape shape) {
    return shape.kernelHeight() * shape.kernelWidth();
  }

  /**
   * The rearrangement whose rank is that of a form beside groups of a kind.
   *
   * <p>The Tucker form has a rank in each of two unfoldings, in a fixed proportion, so the nuclear
   * norm of one is enough, and the problem keeps three blocks. It is that of the unfolding in which
   * a group of A has many singular values, so that B is no substitute for it.
   *
   * @throws IllegalArgumentException for a form whose ranks are those of no rearrangement
   */
  public static Matricisation of(Form form, Support.Kind kind) {
    return switch (form) {
      case CHANNEL -> CHANNEL;
      case SPATIAL -> SPATIAL;
      case TUCKER -> kind == Support.Kind.INPUTS ? TUCKER_OUTPUTS : TUCKER_INPUTS;
      default -> throw new IllegalArgumentException("no rearrangement has the rank of " + form);
    };
  }

  /** The n x d matrix rearranged. */
  public abstract Matrix unfold(Matrix matrix, LayerShape shape);

  /** The inverse of {@link #unfold}. */
  public abstract Matrix fold(Matrix unfolded, LayerShape shape);

  /** The low-rank component that a rank of the rearranged matrix stands for. */
  LowRank lowRank(int rank, LayerShape shape) {
    return rank == 0 ? LowRank.NONE : ofRank(rank, shape);
  }

  abstract LowRank ofRank(int rank, LayerShape shape);

  /** The smaller side of the rearranged matrix. */
  int largestRank(LayerShape shape) {
    long rows =
        switch (this) {
          case CHANNEL, TUCKER_OUTPUTS -> shape.outputs();
          case SPATIAL -> (long) shape.inputChannels() * shape.kernelHeight();
          case TUCKER_INPUTS -> shape.inputChannels();
        };
    return (int) Math.min(rows, shape.weights() / rows);
  }

  /** The largest rank of the rearrangement of a matrix that is zero outside one group. */
  abstract int largestGroupRank(Groups groups, LayerShape shape);
}
