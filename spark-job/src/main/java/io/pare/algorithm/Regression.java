package io.pare.algorithm;

/**
 * The linear least-squares problem of one layer in the data's metric (algorithm.md section 2): find
 * M in some structure close to the target T = C G^-1, where closeness is {@code tr((M - T) G (M -
 * T)^T)}.
 *
 * <p>G and C carry a ridge relative to {@code trace(G) / d} that pulls M towards the original
 * weights W: it makes G positive definite even with dead channels or fewer samples than columns.
 * Immutable, thread-safe.
 */
public final class Regression {
  private final LayerShape shape;
  private final Matrix gram;
  private final Matrix cross;
  private final Matrix target;
  private final double[] inputMean;
  private final double[] targetMean;

  private Regression(
      LayerShape shape,
      Matrix gram,
      Matrix cross,
      Matrix target,
      double[] inputMean,
      double[] targetMean) {
    this.shape = shape;
    this.gram = gram;
    this.cross = cross;
    this.target = DenseAlgebra.requireFinite(target, "regression target");
    this.inputMean = inputMean;
    this.targetMean = targetMean;
  }

  /**
   * The problem that moments pose.
   *
   * @param shape of the layer, or of one group of it
   * @param original W, n x d
   * @param moments of inputs and targets
   * @param ridge relative to {@code trace(G) / d}, above 0; 1e-3 is a start
   */
  public static Regression of(LayerShape shape, Matrix original, Moments moments, double ridge) {
    if (!(ridge > 0)) {
      throw new IllegalArgumentException("the ridge must be above 0, not " + ridge);
    }
    int d = shape.columns();
    double pull = ridge * Math.max(meanDiagonal(moments.gram()), Double.MIN_NORMAL / ridge);
    Matrix gram = moments.gram().copy();
    for (int k = 0; k < d; k++) {
      gram.values()[k * d + k] += pull;
    }
    Matrix cross = DenseAlgebra.combine(moments.cross(), original, pull);
    Matrix target = new DenseAlgebra.Cholesky(gram).solveRows(cross);
    return new Regression(shape, gram, cross, target, moments.inputMean(), moments.targetMean());
  }

  private static double meanDiagonal(Matrix gram) {
    double trace = 0;
    for (int k = 0; k < gram.rows(); k++) {
      trace += gram.at(k, k);
    }
    return trace / gram.rows();
  }

  /** The shape of W. */
  public LayerShape shape() {
    return shape;
  }

  /** G with ridge, d x d. */
  Matrix gram() {
    return gram;
  }

  /** C with ridge, n x d. */
  Matrix cross() {
    return cross;
  }

  /** T = C G^-1, n x d: the best M without any structure. */
  Matrix target() {
    return target;
  }

  /** b^ = mu_u - M mu_x, the best bias for M. */
  double[] bias(Matrix m) {
    double[] bias = targetMean.clone();
    for (int i = 0; i < m.rows(); i++) {
      for (int j = 0; j < m.columns(); j++) {
        bias[i] -= m.at(i, j) * inputMean[j];
      }
    }
    return bias;
  }

  /** {@code tr((M - T) G (M - T)^T)}: the mean squared error that M adds to that of T. */
  double excessError(Matrix m) {
    Matrix difference = DenseAlgebra.subtract(m, target);
    return DenseAlgebra.inner(DenseAlgebra.multiply(difference, gram), difference);
  }
}
