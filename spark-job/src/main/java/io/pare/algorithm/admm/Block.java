package io.pare.algorithm.admm;

import io.pare.algorithm.dense.Matrix;

/**
 * One block of {@code min f1(x1) + f2(x2) + f3(x3) s.t. E1 x1 + E2 x2 + E3 x3 = 0}. Its variable is
 * seen from outside through its image E x alone, so the sweeps need not know the operators.
 */
interface Block {

  /** {@code argmin_x f(x) + penalty / 2 ||E x - point||^2}. */
  Update nearest(Matrix point, double penalty);

  /**
   * What a block moved to.
   *
   * @param image E x
   * @param value f(x)
   * @param active groups or singular values that are not zero; 0 where it has no meaning
   */
  record Update(Matrix image, double value, int active) {}
}
