package io.pare.algorithm.fit;

import io.pare.algorithm.dense.Cholesky;
import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.dense.TapGram;
import io.pare.algorithm.statistics.Regression;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Fits a chain of factors by alternating least squares in the data's metric (algorithm.md section
 * 2): what the spatial, the Tucker and the chain form have in common.
 *
 * <p>Given V, the best unrestricted N = U K solves one (r taps) x (r taps) system, and the best one
 * of rank s is the channel form of the projected inputs: U the leading eigenvectors of {@code N G_V
 * N^T}, K = U^T N. Given U and K, V solves {@code sum_{w,w'} K_w^T K_w' V G_w'w = sum_w K_w^T (U^T
 * C)_w}, by conjugate gradients preconditioned with {@code (sum_w K_w^T K_w)^-1 . G_mean^-1}. The
 * start is the best V under the assumption that G is the same G_mean for every tap and zero between
 * taps. An alternation that does not lower the error is discarded.
 *
 * <p>The first half step and all residuals are computed in double precision, the products inside
 * conjugate gradients in single precision: they only choose the direction of descent. Not
 * thread-safe.
 */
final class TapFit implements AutoCloseable {
  /** Alternations of a fit: more were not seen to lower the error by a per cent. */
  static final int ALTERNATIONS = 3;

  private static final double ENOUGH = 3e-3;
  private static final int GRADIENT_STEPS = 6;
  private static final double GRADIENT_TOLERANCE = 1e-3;

  private final Regression regression;
  private final Metric metric;
  private final Matrix[] cross;
  private Optional<Matrix> start = Optional.empty();

  /** What the inputs decide; {@code wide} is G as it is, {@code gram} its blocks. */
  private record Metric(
      int taps, int m, DenseAlgebra.Resident wide, TapGram gram, Matrix mean, Cholesky meanFactor)
      implements AutoCloseable {
    @Override
    public void close() {
      wide.close();
      gram.close();
    }
  }

  /** An iterate; {@code projected[w]} is the column block w of (V (x) I) G, (taps r) x m. */
  @SuppressWarnings("ArrayRecordComponent")
  private record State(
      Matrix inner, Matrix core, Optional<Matrix> output, Matrix[] projected, double explained) {}

  /**
   * Prepares the fits of a problem.
   *
   * @param taps divides the number of columns: kw for a first factor that is kh high, kh kw for one
   *     that is 1 x 1
   */
  TapFit(Regression regression, int taps) {
    this(regression, metric(regression.gram(), taps));
  }

  private TapFit(Regression regression, Metric metric) {
    this.regression = regression;
    this.metric = metric;
    cross = blocks(regression.cross());
  }

  private static Metric metric(Matrix gram, int taps) {
    int d = gram.rows();
    int m = d / taps;
    Matrix mean = Matrix.zeros(m, m);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        double sum = 0;
        for (int w = 0; w < taps; w++) {
          sum += gram.at(i * taps + w, j * taps + w);
        }
        mean.set(i, j, sum / taps);
      }
    }
    Cholesky meanFactor = new Cholesky(mean);
    // Row j taps + w of G, read as row j of a matrix with taps d columns.
    DenseAlgebra.Resident wide =
        new DenseAlgebra.Resident(new Matrix(m, Math.multiplyExact(taps, d), gram.values()));
    return new Metric(taps, m, wide, new TapGram(gram, taps), mean, meanFactor);
  }

  /** The same for another target; shares what {@link #close} frees. */
  TapFit retargeted(Regression next) {
    return new TapFit(next, metric);
  }

  /** Frees what all fits in this metric share. */
  @Override
  public void close() {
    metric.close();
  }

  /**
   * A kernel as a chain of factors (algorithm.md section 1): with column {@code j taps + w}, M_w =
   * U K_w V, where V reads the input once for all taps.
   *
   * @param inner V, r x m
   * @param core K, s x (r taps), column {@code q taps + w}; n rows where there is no U
   * @param output U, n x s
   */
  record Factors(Matrix inner, Matrix core, Optional<Matrix> output) {}

  /**
   * The fit from nothing.
   *
   * @param rank r
   * @param outputRank s, empty where there is no U
   * @param alternations at most
   */
  Factors fit(int rank, OptionalInt outputRank, int alternations) {
    if (start.isEmpty()) {
      start =
          Optional.of(
              TapStart.basis(blocks(regression.target()), metric.mean(), metric.meanFactor()));
    }
    Matrix inner = start.get().firstRows(Math.min(rank, start.get().rows()));
    return alternated(inner, outputRank, alternations);
  }

  /** One alternation from factors found for another target. */
  Factors improve(Factors previous) {
    OptionalInt outputRank =
        previous.output().isPresent()
            ? OptionalInt.of(previous.core().rows())
            : OptionalInt.empty();
    return alternated(previous.inner(), outputRank, 1);
  }

  private Factors alternated(Matrix inner, OptionalInt outputRank, int alternations) {
    State best = outer(inner, outputRank);
    for (int k = 1; k <= alternations; k++) {
      State next = outer(inner(best), outputRank);
      double gain = next.explained() - best.explained();
      if (!(gain > 0)) {
        break;
      }
      // A single alternation asks for no energy, and so not for the target.
      boolean enough = k < alternations && gain < ENOUGH * (energy() - best.explained());
      best = next;
      if (enough) {
        break;
      }
    }
    // From column w r + q to column q taps + w, as a convolution has it.
    int rank = best.core().columns() / metric.taps();
    return new Factors(best.inner(), best.core().columnsSwapped(rank), best.output());
  }

  /** The error of a fit of nothing, beyond that of T. */
  private double energy() {
    return DenseAlgebra.inner(regression.cross(), regression.target());
  }

  /** The best U and K for V. */
  private State outer(Matrix inner, OptionalInt outputRank) {
    int taps = metric.taps();
    int rank = inner.rows();
    Matrix[] projected = projected(inner);
    Matrix system = Matrix.zeros(taps * rank, taps * rank);
    Matrix right = Matrix.zeros(cross[0].rows(), taps * rank);
    for (int w = 0; w < taps; w++) {
      place(DenseAlgebra.multiplyTransposed(projected[w], inner), system, w * rank);
      place(DenseAlgebra.multiplyTransposed(cross[w], inner), right, w * rank);
    }
    Matrix full = new Cholesky(regularised(system)).solveRows(right);
    if (outputRank.isEmpty()) {
      return new State(inner, full, Optional.empty(), projected, DenseAlgebra.inner(right, full));
    }
    Eigen eigen = Eigen.of(DenseAlgebra.multiplyTransposed(right, full).symmetricPart());
    int kept = Math.min(outputRank.getAsInt(), eigen.values().length);
    Matrix leading = eigen.vectors().firstRows(kept);
    double explained = Arrays.stream(eigen.values(), 0, kept).sum();
    return new State(
        inner,
        DenseAlgebra.multiply(leading, full),
        Optional.of(leading.transposed()),
        projected,
        explained);
  }

  /** (V (x) I) G by column blocks: row {@code w' r + q} of block w. */
  private Matrix[] projected(Matrix inner) {
    int taps = metric.taps();
    int m = metric.m();
    int rank = inner.rows();
    Matrix wide = metric.wide().multiplied(inner);
    Matrix[] blocks = new Matrix[taps];
    for (int w = 0; w < taps; w++) {
      blocks[w] = Matrix.zeros(taps * rank, m);
      for (int row = 0; row < taps * rank; row++) {
        int source = ((row % rank) * taps + row / rank) * m * taps + w;
        for (int j = 0; j < m; j++) {
          blocks[w].values()[row * m + j] = wide.values()[source + j * taps];
        }
      }
    }
    return blocks;
  }

  /** Conjugate gradients for V, started from the present one. */
  private Matrix inner(State state) {
    int rank = state.inner().rows();
    Matrix products = DenseAlgebra.transposeMultiply(state.core(), state.core());
    Matrix left = Matrix.zeros(rank, rank);
    Matrix right = Matrix.zeros(rank, metric.m());
    Matrix image = Matrix.zeros(rank, metric.m());
    for (int w = 0; w < metric.taps(); w++) {
      Matrix core = columns(state.core(), w * rank, rank);
      // U K_w, n x r: its rows meet those of C.
      Matrix outer = state.output().map(u -> DenseAlgebra.multiply(u, core)).orElse(core);
      Matrix wanted = DenseAlgebra.transposeMultiply(outer, cross[w]);
      right = DenseAlgebra.combine(right, wanted, 1);
      Matrix rows =
          new Matrix(
              rank,
              products.columns(),
              Arrays.copyOfRange(
                  products.values(),
                  w * rank * products.columns(),
                  (w + 1) * rank * products.columns()));
      left = DenseAlgebra.combine(left, columns(rows, w * rank, rank), 1);
      image = DenseAlgebra.combine(image, DenseAlgebra.multiply(rows, state.projected()[w]), 1);
    }
    Cholesky factor = new Cholesky(regularised(left));
    return descended(state.inner(), DenseAlgebra.subtract(right, image), products, factor);
  }

  private Matrix descended(
      Matrix present, Matrix residualAtPresent, Matrix products, Cholesky left) {
    Matrix x = present;
    Matrix residual = residualAtPresent;
    Matrix preconditioned = precondition(left, residual);
    Matrix direction = preconditioned;
    double energy = DenseAlgebra.inner(residual, preconditioned);
    double tolerance = GRADIENT_TOLERANCE * GRADIENT_TOLERANCE * energy;
    for (int k = 0; k < GRADIENT_STEPS && energy > tolerance; k++) {
      Matrix image = metric.gram().image(products, direction);
      double curvature = DenseAlgebra.inner(direction, image);
      if (!(curvature > 0)) {
        break;
      }
      double step = energy / curvature;
      x = DenseAlgebra.combine(x, direction, step);
      residual = DenseAlgebra.combine(residual, image, -step);
      preconditioned = precondition(left, residual);
      double next = DenseAlgebra.inner(residual, preconditioned);
      direction = DenseAlgebra.combine(preconditioned, direction, next / energy);
      energy = next;
    }
    return x;
  }

  private Matrix precondition(Cholesky left, Matrix residual) {
    Matrix right = metric.meanFactor().solveRows(residual);
    return left.solveRows(right.transposed()).transposed();
  }

  /** The columns of each tap, n x m. */
  private Matrix[] blocks(Matrix matrix) {
    int taps = metric.taps();
    int m = metric.m();
    Matrix[] blocks = new Matrix[taps];
    for (int w = 0; w < taps; w++) {
      blocks[w] = Matrix.zeros(matrix.rows(), m);
      for (int i = 0; i < matrix.rows(); i++) {
        for (int j = 0; j < m; j++) {
          blocks[w].values()[i * m + j] = matrix.values()[(i * m + j) * taps + w];
        }
      }
    }
    return blocks;
  }

  private static Matrix columns(Matrix matrix, int first, int count) {
    Matrix block = Matrix.zeros(matrix.rows(), count);
    for (int i = 0; i < matrix.rows(); i++) {
      System.arraycopy(
          matrix.values(), i * matrix.columns() + first, block.values(), i * count, count);
    }
    return block;
  }

  private static void place(Matrix block, Matrix target, int column) {
    for (int i = 0; i < block.rows(); i++) {
      System.arraycopy(
          block.values(),
          i * block.columns(),
          target.values(),
          i * target.columns() + column,
          block.columns());
    }
  }

  /** A trace of ridge, so that a rank beyond what the data hold does not stop the fit. */
  private static Matrix regularised(Matrix system) {
    int order = system.rows();
    double trace = 0;
    for (int k = 0; k < order; k++) {
      trace += system.at(k, k);
    }
    double ridge = Math.max(1e-10 * trace / order, Double.MIN_NORMAL);
    for (int k = 0; k < order; k++) {
      system.values()[k * order + k] += ridge;
    }
    return system;
  }
}
