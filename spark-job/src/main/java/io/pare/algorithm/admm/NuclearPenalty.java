package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.LayerShape;

/**
 * {@code lambda2 ||B||_*} of one matricisation. Its proximal map lowers every singular value by
 * {@code lambda2 / penalty}, or to zero (Cai, Candes and Shen 2010).
 *
 * <p>With X = P S Q^T the result is {@code P (1 - threshold / S)_+ P^T X}: an eigendecomposition of
 * the Gram matrix of X's smaller side is enough, and of that the eigenvectors whose values survive.
 * How many these will be is guessed from the map before; a guess that is too small is doubled. It
 * loses the singular values below 1e-8 of the largest, which a threshold removes anyway. Not
 * thread-safe: it remembers the last rank.
 */
final class NuclearPenalty implements Block {
  // A whole decomposition is faster for small matrices, and where most values survive.
  private static final int SMALL = 96;
  private static final int MARGIN = 8;

  private final Matricisation matricisation;
  private final LayerShape shape;
  private final double lambda;
  private final Work work;
  private int expected;

  NuclearPenalty(Matricisation matricisation, LayerShape shape, double lambda, Work work) {
    this.matricisation = matricisation;
    this.shape = shape;
    this.lambda = lambda;
    this.work = work;
    expected = matricisation.largestRank(shape) / 4;
  }

  @Override
  public Update nearest(Matrix point, double penalty) {
    Matrix x = matricisation.unfold(point, shape);
    double threshold = lambda / penalty;
    Eigen side = side(x, threshold);
    int rank = 0;
    double sum = 0;
    while (rank < side.values().length && singular(side, rank) > threshold) {
      sum += singular(side, rank++) - threshold;
    }
    expected = rank;
    Matrix kept = leading(side.vectors(), rank);
    Matrix shrunken = kept.copy();
    for (int i = 0; i < rank; i++) {
      double factor = 1 - threshold / singular(side, i);
      for (int j = 0; j < kept.columns(); j++) {
        shrunken.set(i, j, factor * kept.at(i, j));
      }
    }
    Matrix result =
        x.rows() <= x.columns()
            ? DenseAlgebra.transposeMultiply(shrunken, DenseAlgebra.multiply(kept, x))
            : DenseAlgebra.multiply(DenseAlgebra.multiplyTransposed(x, kept), shrunken);
    work.product(2L * x.rows(), rank, x.columns());
    return new Update(matricisation.fold(result, shape), lambda * sum, rank);
  }

  /** The singular values of the rearranged matrix, descending. */
  static double[] singularValues(Matricisation matricisation, LayerShape shape, Matrix matrix) {
    Eigen all = Eigen.of(gram(matricisation.unfold(matrix, shape)));
    double[] values = new double[all.values().length];
    for (int k = 0; k < values.length; k++) {
      values[k] = singular(all, k);
    }
    return values;
  }

  /** Squared singular values and vectors of the smaller side: all that exceed the threshold. */
  private Eigen side(Matrix x, double threshold) {
    Matrix gram = gram(x);
    int order = gram.rows();
    work.product(order, Math.max(x.rows(), x.columns()), order);
    for (int count = expected + MARGIN; order > SMALL && count < order / 2; count *= 2) {
      Eigen some = Eigen.leading(gram, count);
      work.leading(order);
      if (singular(some, count - 1) <= threshold) {
        return some;
      }
    }
    work.eigen(order);
    return Eigen.of(gram);
  }

  private static Matrix gram(Matrix x) {
    return x.rows() <= x.columns()
        ? DenseAlgebra.multiplyTransposed(x, x)
        : DenseAlgebra.transposeMultiply(x, x);
  }

  private static double singular(Eigen side, int k) {
    return Math.sqrt(Math.max(0, side.values()[k]));
  }

  private static Matrix leading(Matrix vectors, int rank) {
    double[] values = new double[rank * vectors.columns()];
    System.arraycopy(vectors.values(), 0, values, 0, values.length);
    return new Matrix(rank, vectors.columns(), values);
  }
}
