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
    LowRank ofRank(int rank, LayerShape shape) {
      return new LowRank(Form.CHANNEL, rank);
    }

    @Override
    int largestGroupRank(Groups groups, LayerShape shape) {
      return groups == Groups.FILTERS ? 1 : Math.min(shape.outputs(), taps(shape));
    }
  },

  /** (c kh) x (n kw): rank of the spatial form. */
  SPATIAL {
    @Override
    int blockSize(LayerShape shape) {
      return shape.kernelWidth();
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
    int blockSize(LayerShape shape) {
      return taps(shape);
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
  Matrix unfold(Matrix matrix, LayerShape shape) {
    int size = blockSize(shape);
    return size == shape.columns() ? matrix : transposed(matrix, shape.columns() / size, size);
  }

  /** The inverse of {@link #unfold}. */
  Matrix fold(Matrix unfolded, LayerShape shape) {
    int size = blockSize(shape);
    return size == shape.columns() ? unfolded : transposed(unfolded, shape.outputs(), size);
  }

  /** Columns that stay side by side when rows and blocks of columns change places. */
  int blockSize(LayerShape shape) {
    return shape.columns();
  }

  /** The matrix with rows and blocks of columns exchanged: {@code blocks x (rows size)}. */
  private static Matrix transposed(Matrix matrix, int blocks, int size) {
    Matrix result = Matrix.zeros(blocks, matrix.rows() * size);
    for (int row = 0; row < matrix.rows(); row++) {
      for (int block = 0; block < blocks; block++) {
        System.arraycopy(
            matrix.values(),
            (row * blocks + block) * size,
            result.values(),
            (block * matrix.rows() + row) * size,
            size);
      }
    }
    return result;
  }

  /** The low-rank component that a rank of the rearranged matrix stands for. */
  LowRank lowRank(int rank, LayerShape shape) {
    return rank == 0 ? LowRank.NONE : ofRank(rank, shape);
  }

  abstract LowRank ofRank(int rank, LayerShape shape);

  /** The smaller side of the rearranged matrix. */
  int largestRank(LayerShape shape) {
    int size = blockSize(shape);
    long rows = size == shape.columns() ? shape.outputs() : shape.columns() / size;
    return (int) Math.min(rows, shape.weights() / rows);
  }

  /** The largest rank of the rearrangement of a matrix that is zero outside one group. */
  abstract int largestGroupRank(Groups groups, LayerShape shape);
}
