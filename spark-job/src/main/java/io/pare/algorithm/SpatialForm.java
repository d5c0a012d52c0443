package io.pare.algorithm;

import java.util.Optional;

/**
 * Low-rank fits in the spatial form, by alternating least squares (algorithm.md section 2).
 *
 * <p>With j = (input channel, kernel row) and w the kernel column, M_w = H_w V, where V is r x m, m
 * = c kh, and each H_w is n x r. Given V, the H_w solve one (r kw) x (r kw) system; given the H_w,
 * V solves {@code sum_{w,w'} H_w^T H_w' V G_{w'w} = sum_w H_w^T C_w}, by conjugate gradients
 * preconditioned with {@code (sum_w H_w^T H_w)^-1 . G_mean^-1}. The start is the best V under the
 * assumption that G is the same G_mean for every kernel column and zero between columns: a channel
 * form of the stacked columns of T. The error falls with every half step.
 */
public final class SpatialForm implements LowRankForm {
  private static final int ALTERNATIONS = 4;
  private static final int GRADIENT_STEPS = 8;
  private static final double GRADIENT_TOLERANCE = 1e-4;

  private final LayerShape shape;
  private final int width;
  private final int m;
  private final Matrix[] gramRows;
  private final Matrix[] cross;
  private Optional<Matrix> start = Optional.empty();
  private final DenseAlgebra.Cholesky meanGram;
  private final Matrix mean;
  private final Regression regression;

  /** Prepares the fits of a problem. */
  public SpatialForm(Regression regression) {
    this.regression = regression;
    shape = regression.shape();
    width = shape.kernelWidth();
    m = shape.inputChannels() * shape.kernelHeight();
    gramRows = new Matrix[width];
    mean = Matrix.zeros(m, m);
    for (int w = 0; w < width; w++) {
      gramRows[w] = gramRows(regression.gram(), w);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < m; j++) {
          mean.values()[i * m + j] += gramRows[w].at(i, w * m + j) / width;
        }
      }
    }
    meanGram = new DenseAlgebra.Cholesky(mean);
    cross = crossColumns(regression);
  }

  private SpatialForm(SpatialForm other, Regression next) {
    regression = next;
    shape = next.shape();
    width = other.width;
    m = other.m;
    gramRows = other.gramRows;
    mean = other.mean;
    meanGram = other.meanGram;
    cross = crossColumns(next);
  }

  private Matrix[] crossColumns(Regression source) {
    Matrix[] columns = new Matrix[width];
    for (int w = 0; w < width; w++) {
      columns[w] = columns(source.cross(), w);
    }
    return columns;
  }

  /** Whether the form differs from the channel form. */
  public static boolean applies(LayerShape shape) {
    return shape.kernelHeight() > 1 && shape.kernelWidth() > 1;
  }

  /** The largest useful rank of any layer of that shape. */
  public static int maximumRank(LayerShape shape) {
    return Math.min(
        shape.inputChannels() * shape.kernelHeight(), shape.outputs() * shape.kernelWidth());
  }

  @Override
  public Component fit(LowRank ranks) {
    int rank = ((LowRank.Spatial) ranks).rank();
    Matrix vertical = RowRange.first(start(), rank);
    return alternated(vertical, horizontal(vertical), ALTERNATIONS);
  }

  @Override
  public Component improve(Component previous) {
    Matrix vertical = ((Component.SpatialFactors) previous).vertical();
    return alternated(vertical, horizontal(vertical), 1);
  }

  @Override
  public LowRankForm retargeted(Regression next) {
    return new SpatialForm(this, next);
  }

  private Component alternated(Matrix vertical, Matrix horizontal, int alternations) {
    Matrix v = vertical;
    Matrix h = horizontal;
    for (int k = 0; k < alternations; k++) {
      v = vertical(v, h);
      h = horizontal(v);
    }
    return new Component.SpatialFactors(v, interleaved(h, v.rows()));
  }

  private Matrix start() {
    if (start.isEmpty()) {
      start = Optional.of(startingBasis(regression.target()));
    }
    return start.get();
  }

  /** Rows (w, .) of G with columns reordered to (w', j'): m x (width m). */
  private Matrix gramRows(Matrix gram, int w) {
    Matrix rows = Matrix.zeros(m, width * m);
    for (int i = 0; i < m; i++) {
      for (int other = 0; other < width; other++) {
        for (int j = 0; j < m; j++) {
          rows.set(i, other * m + j, gram.at(i * width + w, j * width + other));
        }
      }
    }
    return rows;
  }

  /** The columns (., w) of an n x d matrix: n x m. */
  private Matrix columns(Matrix matrix, int w) {
    Matrix result = Matrix.zeros(matrix.rows(), m);
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < m; j++) {
        result.set(i, j, matrix.at(i, j * width + w));
      }
    }
    return result;
  }

  /**
   * With G_mean = L L^T the stacked columns K (n width x m) of T have the best V of rank r in the
   * leading eigenvectors of {@code L^T K^T K L}; as rows of {@code G_mean^-1/2} they would need L,
   * so V is read off {@code K^T K} in the metric instead: eigenvectors Q of {@code K G_mean K^T}
   * where n width is the smaller side, else of {@code S K^T K S} with S the symmetric square root.
   */
  private Matrix startingBasis(Matrix target) {
    Matrix stacked = Matrix.zeros(shape.outputs() * width, m);
    for (int w = 0; w < width; w++) {
      Matrix part = columns(target, w);
      System.arraycopy(
          part.values(), 0, stacked.values(), w * part.values().length, part.values().length);
    }
    int rank = maximumRank(shape);
    if (stacked.rows() <= m) {
      Matrix weighted = DenseAlgebra.multiply(stacked, mean);
      DenseAlgebra.Eigen eigen =
          DenseAlgebra.eigen(DenseAlgebra.multiplyTransposed(weighted, stacked));
      return DenseAlgebra.multiply(RowRange.first(eigen.vectors(), rank), stacked);
    }
    DenseAlgebra.Eigen metric = DenseAlgebra.eigen(mean);
    Matrix root = spectral(metric, 0.5);
    Matrix product =
        DenseAlgebra.multiply(
            root, DenseAlgebra.multiply(DenseAlgebra.transposeMultiply(stacked, stacked), root));
    DenseAlgebra.Eigen eigen = DenseAlgebra.eigen(product);
    return DenseAlgebra.multiply(RowRange.first(eigen.vectors(), rank), spectral(metric, -0.5));
  }

  private static Matrix spectral(DenseAlgebra.Eigen eigen, double power) {
    double floor = eigen.values()[0] * 1e-12;
    Matrix scaled = eigen.vectors().copy();
    for (int i = 0; i < scaled.rows(); i++) {
      double factor = Math.pow(Math.max(eigen.values()[i], floor), power);
      for (int j = 0; j < scaled.columns(); j++) {
        scaled.values()[i * scaled.columns() + j] *= factor;
      }
    }
    return DenseAlgebra.transposeMultiply(eigen.vectors(), scaled);
  }

  /** The best H for V: n x (width r), column {@code w r + q}. */
  private Matrix horizontal(Matrix vertical) {
    int rank = vertical.rows();
    int order = width * rank;
    Matrix system = Matrix.zeros(order, order);
    Matrix right = Matrix.zeros(shape.outputs(), order);
    for (int w = 0; w < width; w++) {
      Matrix projected = DenseAlgebra.multiply(vertical, gramRows[w]);
      for (int other = 0; other < width; other++) {
        Matrix block = DenseAlgebra.multiplyTransposed(columnBlock(projected, other), vertical);
        place(block, system, w * rank, other * rank);
      }
      place(DenseAlgebra.multiplyTransposed(cross[w], vertical), right, 0, w * rank);
    }
    return new DenseAlgebra.Cholesky(regularised(system)).solveRows(right);
  }

  /** Conjugate gradients for V, started from the present one. */
  private Matrix vertical(Matrix present, Matrix horizontal) {
    int rank = present.rows();
    Matrix[] h = new Matrix[width];
    Matrix right = Matrix.zeros(rank, m);
    Matrix left = Matrix.zeros(rank, rank);
    for (int w = 0; w < width; w++) {
      h[w] = columnBlock(horizontal, w, rank);
      right = DenseAlgebra.combine(right, DenseAlgebra.transposeMultiply(h[w], cross[w]), 1);
      left = DenseAlgebra.combine(left, DenseAlgebra.transposeMultiply(h[w], h[w]), 1);
    }
    Matrix[][] products = new Matrix[width][width];
    for (int w = 0; w < width; w++) {
      for (int other = 0; other < width; other++) {
        products[w][other] = DenseAlgebra.transposeMultiply(h[w], h[other]);
      }
    }
    DenseAlgebra.Cholesky leftFactor = new DenseAlgebra.Cholesky(regularised(left));
    Matrix x = present;
    Matrix residual = DenseAlgebra.subtract(right, apply(products, x));
    Matrix preconditioned = precondition(leftFactor, residual);
    Matrix direction = preconditioned;
    double energy = DenseAlgebra.inner(residual, preconditioned);
    double tolerance =
        GRADIENT_TOLERANCE
            * GRADIENT_TOLERANCE
            * Math.abs(DenseAlgebra.inner(right, precondition(leftFactor, right)));
    for (int k = 0; k < GRADIENT_STEPS && energy > tolerance; k++) {
      Matrix image = apply(products, direction);
      double step = energy / DenseAlgebra.inner(direction, image);
      x = DenseAlgebra.combine(x, direction, step);
      residual = DenseAlgebra.combine(residual, image, -step);
      preconditioned = precondition(leftFactor, residual);
      double next = DenseAlgebra.inner(residual, preconditioned);
      direction = DenseAlgebra.combine(preconditioned, direction, next / energy);
      energy = next;
    }
    return x;
  }

  private Matrix apply(Matrix[][] products, Matrix vertical) {
    Matrix sum = Matrix.zeros(vertical.rows(), m);
    for (int other = 0; other < width; other++) {
      Matrix projected = DenseAlgebra.multiply(vertical, gramRows[other]);
      for (int w = 0; w < width; w++) {
        sum =
            DenseAlgebra.combine(
                sum, DenseAlgebra.multiply(products[w][other], columnBlock(projected, w)), 1);
      }
    }
    return sum;
  }

  private Matrix precondition(DenseAlgebra.Cholesky left, Matrix residual) {
    Matrix right = meanGram.solveRows(residual);
    return RowRange.transpose(left.solveRows(RowRange.transpose(right)));
  }

  private Matrix columnBlock(Matrix matrix, int w) {
    return columnBlock(matrix, w, m);
  }

  private static Matrix columnBlock(Matrix matrix, int index, int size) {
    Matrix block = Matrix.zeros(matrix.rows(), size);
    for (int i = 0; i < matrix.rows(); i++) {
      System.arraycopy(
          matrix.values(), i * matrix.columns() + index * size, block.values(), i * size, size);
    }
    return block;
  }

  private static void place(Matrix block, Matrix target, int row, int column) {
    for (int i = 0; i < block.rows(); i++) {
      System.arraycopy(
          block.values(),
          i * block.columns(),
          target.values(),
          (row + i) * target.columns() + column,
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

  /** From column {@code w r + q} to column {@code q width + w}, as a 1 x kw convolution has it. */
  private Matrix interleaved(Matrix horizontal, int rank) {
    Matrix result = Matrix.zeros(horizontal.rows(), horizontal.columns());
    for (int o = 0; o < horizontal.rows(); o++) {
      for (int q = 0; q < rank; q++) {
        for (int w = 0; w < width; w++) {
          result.set(o, q * width + w, horizontal.at(o, w * rank + q));
        }
      }
    }
    return result;
  }
}
