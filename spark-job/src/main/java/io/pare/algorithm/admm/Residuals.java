package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;

/**
 * The residuals of one iteration against their tolerances (Boyd et al. 2011, section 3.3).
 *
 * @param primal {@code ||E1 x1 + E2 x2 + E3 x3||}
 * @param dual see {@link Variant#dualResidual}
 * @param primalScale the largest norm of the three images
 * @param dualScale the norm of the multiplier
 */
record Residuals(double primal, double dual, double primalScale, double dualScale) {

  static Residuals of(Variant.Step step, double dual, double penalty) {
    Variant.Iterate now = step.iterate();
    double scale = Math.max(norm(now.first()), Math.max(norm(now.second()), norm(now.third())));
    return new Residuals(norm(step.residual()), dual, scale, penalty * norm(now.scaledDual()));
  }

  double relativePrimal() {
    return primal == 0 ? 0 : primal / primalScale;
  }

  double relativeDual() {
    return dual == 0 ? 0 : dual / Math.max(dualScale, Double.MIN_NORMAL);
  }

  /**
   * How far from stopping: the larger of the two residuals in units of its tolerance. At most 1
   * means that both are met.
   */
  double distance(Tolerance tolerance) {
    double ofPrimal = ratio(primal, tolerance.primal() + tolerance.relative() * primalScale);
    double ofDual = ratio(dual, tolerance.dual() + tolerance.relative() * dualScale);
    return Math.max(ofPrimal, ofDual);
  }

  private static double ratio(double residual, double tolerance) {
    return residual == 0 ? 0 : residual / tolerance;
  }

  static double norm(Matrix matrix) {
    return Math.sqrt(DenseAlgebra.inner(matrix, matrix));
  }

  /**
   * Where to stop.
   *
   * @param primal absolute tolerance of the primal residual's norm
   * @param dual absolute tolerance of the dual residual's norm
   * @param relative tolerance relative to the scales
   */
  record Tolerance(double primal, double dual, double relative) {}
}
