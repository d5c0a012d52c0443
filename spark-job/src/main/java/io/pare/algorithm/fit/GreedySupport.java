package io.pare.algorithm.fit;

import io.pare.algorithm.dense.Cholesky;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Support;
import java.util.Arrays;

/**
 * Input channels in the order of greedy backward elimination: again and again the channel goes
 * whose loss, with all others refitted, raises the excess error least. Supports of every size are
 * nested, and the largest is the whole layer.
 *
 * <p>With S the channels left, H = (G[S,S])^-1 and A the best fit on S, dropping channel g adds
 * {@code tr(A_g (H_gg)^-1 A_g^T)} to the excess error (the block form of the optimal brain surgeon:
 * Hassibi and Stork 1993), and what remains follows by block elimination: {@code A - A_g H_gg^-1
 * H_g.} and {@code H - H_.g H_gg^-1 H_g.}. The second update is the costly one, d x d values for kh
 * kw rows: it is delayed, some channels at a time, and done by one product; until then the rows of
 * H that are needed are corrected one by one. Time O(d^3), three matrices of d x d.
 *
 * <p>Ties go to the smaller channel number: deterministic. Not thread-safe.
 */
public final class GreedySupport {
  private static final int DELAYED_ROWS = 256;

  private final LayerShape shape;
  private final int taps;
  private final int[] order;
  private final double[] excess;
  // The columns left at the last compaction, and of which channel each block of them is.
  private int[] channels;
  private boolean[] gone;
  private Matrix inverse;
  private Matrix fit;
  private double[][] diagonal;
  private double[][] pending;
  private int pendingRows;

  private GreedySupport(Regression regression) {
    shape = regression.shape();
    taps = shape.kernelHeight() * shape.kernelWidth();
    int count = shape.inputChannels();
    order = new int[count];
    excess = new double[count];
    channels = new int[count];
    Arrays.setAll(channels, c -> c);
    gone = new boolean[count];
    inverse = new Cholesky(regression.gram()).inverse();
    fit = regression.target().transposed();
    diagonal = diagonalBlocks();
    pending = new double[DELAYED_ROWS + taps][];
    eliminate();
  }

  /**
   * Orders the channels of a problem; give {@link Regression#minus} to leave room for a low-rank
   * component that is there already.
   */
  public static GreedySupport of(Regression regression) {
    return new GreedySupport(regression);
  }

  /**
   * The best nested support of a size.
   *
   * @param size from 1 to the number of channels
   */
  public Support support(int size) {
    if (size < 1 || size > order.length) {
      throw new IllegalArgumentException(
          "a support has 1 to " + order.length + " channels, not " + size);
    }
    int[] kept = Arrays.copyOfRange(order, order.length - size, order.length);
    Arrays.sort(kept);
    return new Support(Support.Kind.INPUTS, kept);
  }

  /** The excess error of the best fit on {@link #support(int)}; on no channel at size 0. */
  public double excessError(int size) {
    return size == order.length ? 0 : excess[order.length - size - 1];
  }

  private void eliminate() {
    double error = 0;
    for (int k = 0; k < order.length; k++) {
      int best = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int block = 0; block < channels.length; block++) {
        if (!gone[block]) {
          double harm = harm(block);
          if (harm < least) {
            least = harm;
            best = block;
          }
        }
      }
      if (best < 0) {
        throw new ArithmeticException("the harm of dropping a channel is not finite");
      }
      error += least;
      order[k] = channels[best];
      excess[k] = error;
      drop(best);
    }
  }

  /** {@code tr(A_g H_gg^-1 A_g^T)}: with H_gg = L L^T the squared norm of L^-1 A_g^T. */
  private double harm(int block) {
    double[] factor = cholesky(diagonal[block]);
    int n = fit.columns();
    double sum = 0;
    double[][] solved = new double[taps][n];
    for (int t = 0; t < taps; t++) {
      double[] row = solved[t];
      System.arraycopy(fit.values(), (block * taps + t) * n, row, 0, n);
      for (int s = 0; s < t; s++) {
        subtract(row, 0, factor[t * taps + s], solved[s]);
      }
      double pivot = factor[t * taps + t];
      for (int i = 0; i < n; i++) {
        row[i] /= pivot;
        sum += row[i] * row[i];
      }
    }
    return sum;
  }

  private void drop(int block) {
    double[] factor = cholesky(diagonal[block]);
    double[][] rows = whitenedRows(block, factor);
    double[][] fitRows = whitenedFit(block, factor);
    int n = fit.columns();
    gone[block] = true;
    for (int b = 0; b < channels.length; b++) {
      if (!gone[b]) {
        for (int t = 0; t < taps; t++) {
          int column = b * taps + t;
          for (int q = 0; q < taps; q++) {
            subtract(fit.values(), column * n, rows[q][column], fitRows[q]);
            for (int s = 0; s < taps; s++) {
              diagonal[b][t * taps + s] -= rows[q][column] * rows[q][b * taps + s];
            }
          }
        }
      }
    }
    for (double[] row : rows) {
      pending[pendingRows++] = row;
    }
    if (pendingRows >= DELAYED_ROWS) {
      compact();
    }
  }

  /** {@code L^-1 H_g.} with the delayed corrections. */
  private double[][] whitenedRows(int block, double[] factor) {
    int width = inverse.columns();
    double[][] rows = new double[taps][];
    for (int t = 0; t < taps; t++) {
      int row = block * taps + t;
      rows[t] = Arrays.copyOfRange(inverse.values(), row * width, (row + 1) * width);
      for (int k = 0; k < pendingRows; k++) {
        subtract(rows[t], 0, pending[k][row], pending[k]);
      }
    }
    return whiten(rows, factor);
  }

  private double[][] whitenedFit(int block, double[] factor) {
    int n = fit.columns();
    double[][] rows = new double[taps][];
    for (int t = 0; t < taps; t++) {
      int row = block * taps + t;
      rows[t] = Arrays.copyOfRange(fit.values(), row * n, (row + 1) * n);
    }
    return whiten(rows, factor);
  }

  private double[][] whiten(double[][] rows, double[] factor) {
    for (int t = 0; t < taps; t++) {
      for (int s = 0; s < t; s++) {
        subtract(rows[t], 0, factor[t * taps + s], rows[s]);
      }
      for (int i = 0; i < rows[t].length; i++) {
        rows[t][i] /= factor[t * taps + t];
      }
    }
    return rows;
  }

  /** {@code target[offset + i] -= scale * row[i]}. */
  private static void subtract(double[] target, int offset, double scale, double[] row) {
    for (int i = 0; i < row.length; i++) {
      target[offset + i] -= scale * row[i];
    }
  }

  /** Applies the delayed corrections and forgets the channels that are gone. */
  private void compact() {
    int[] blocks = new int[channels.length];
    int left = 0;
    for (int b = 0; b < channels.length; b++) {
      if (!gone[b]) {
        blocks[left++] = b;
      }
    }
    blocks = Arrays.copyOf(blocks, left);
    int[] columns = shape.columns(blocks);
    Matrix corrections = Matrix.zeros(pendingRows, columns.length);
    for (int k = 0; k < pendingRows; k++) {
      for (int j = 0; j < columns.length; j++) {
        corrections.set(k, j, pending[k][columns[j]]);
      }
    }
    Matrix rest = inverse.rows(columns).columns(columns);
    inverse = DenseAlgebra.subtract(rest, DenseAlgebra.transposeMultiply(corrections, corrections));
    fit = fit.rows(columns);
    channels = Arrays.stream(blocks).map(b -> channels[b]).toArray();
    gone = new boolean[left];
    diagonal = diagonalBlocks();
    pendingRows = 0;
  }

  private double[][] diagonalBlocks() {
    double[][] blocks = new double[channels.length][taps * taps];
    for (int b = 0; b < blocks.length; b++) {
      for (int t = 0; t < taps; t++) {
        for (int s = 0; s < taps; s++) {
          blocks[b][t * taps + s] = inverse.at(b * taps + t, b * taps + s);
        }
      }
    }
    return blocks;
  }

  /** The lower factor of a small definite block, row-major. */
  private double[] cholesky(double[] block) {
    double[] factor = new double[taps * taps];
    for (int i = 0; i < taps; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = block[i * taps + j];
        for (int k = 0; k < j; k++) {
          sum -= factor[i * taps + k] * factor[j * taps + k];
        }
        if (i == j && !(sum > 0)) {
          throw new ArithmeticException(
              "the inverse Gram matrix lost its definiteness: pivot " + sum);
        }
        factor[i * taps + j] = i == j ? Math.sqrt(sum) : sum / factor[j * taps + j];
      }
    }
    return factor;
  }
}
