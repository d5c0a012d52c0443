package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Eigen;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.LayerShape;

/**
 * {@code lambda2 ||B||_*} of one matricisation. Its proximal map lowers every singular value by
 * {@code lambda2 / penalty}, or to zero (Cai, Candes and Shen 2010).
 *
 * <p>With X = P S Q^T the result is {@code P (1 - threshold / S)_+ P^T X}: the values and vectors
 * of X's smaller side that survive are enough. Not thread-safe.
 *
 * @param side that finds them, and remembers those of the map before
 */
record NuclearPenalty(
    Matricisation matricisation, LayerShape shape, double lambda, SingularSide side, Work work)
    implements Block {

  @Override
  public Update nearest(Matrix point, double penalty) {
    Matrix x = matricisation.unfold(point, shape);
    double threshold = lambda / penalty;
    Eigen leading = side.above(threshold, x);
    int rank = 0;
    double sum = 0;
    while (rank < leading.values().length && SingularSide.value(leading, rank) > threshold) {
      sum += SingularSide.value(leading, rank++) - threshold;
    }
    Matrix kept = leading.vectors().firstRows(rank);
    Matrix shrunken = kept.copy();
    for (int i = 0; i < rank; i++) {
      double factor = 1 - threshold / SingularSide.value(leading, i);
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
}
