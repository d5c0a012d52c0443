package io.pare.algorithm.admm;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.LayerShape;

/**
 * {@code lambda1 sum_g w_g ||A_g||_F} with {@code w_g = sqrt(entries of g)}. Its proximal map
 * shortens every group by {@code lambda1 w_g / penalty}, or to zero (group soft threshold: Yuan and
 * Lin 2006). Immutable.
 */
record GroupPenalty(Groups groups, LayerShape shape, double lambda) implements Block {

  /** w_g, the same for every group of a kind. */
  static double weight(Groups groups, LayerShape shape) {
    return Math.sqrt(groups.size(shape));
  }

  @Override
  public Update nearest(Matrix point, double penalty) {
    double weighted = lambda * weight(groups, shape);
    double threshold = weighted / penalty;
    double[] norms = groups.norms(point, shape);
    double sum = 0;
    int active = 0;
    for (int g = 0; g < norms.length; g++) {
      double shortened = Math.max(0, norms[g] - threshold);
      sum += shortened;
      active += shortened > 0 ? 1 : 0;
      norms[g] = shortened > 0 ? shortened / norms[g] : 0;
    }
    return new Update(groups.scaled(point, shape, norms), weighted * sum, active);
  }
}
