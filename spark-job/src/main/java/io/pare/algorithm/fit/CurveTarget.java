package io.pare.algorithm.fit;

import io.pare.algorithm.activation.SmoothResponse;

/**
 * Targets behind any scalar function that is no clamp (algorithm.md section 3). Fixed numbers of
 * evaluations, so that every entry costs the same and gives the same bits. Stateless.
 */
final class CurveTarget {
  private static final int COARSE = 8;
  private static final int FINE = 16;

  /** Half the width of the stretch around the fold in which r bends. */
  private static final double FOLD = 2;

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private CurveTarget() {}

  /** A step against the gradient of (t - r(z))^2 at v, damped by bounds on slope and curvature. */
  static double step(SmoothResponse r, double wanted, double present) {
    double miss = r.apply(present) - wanted;
    double bound = r.steepest() * r.steepest() + Math.abs(miss) * r.curvature();
    return bound == 0 ? present : present - miss * r.slope(present) / bound;
  }

  /**
   * The z with the least {@code (t - r(z))^2 + q (z - v)^2}. It lies within {@code |t - r(v)| /
   * sqrt(q)} of v; that stretch is scanned on both sides of v, together with the fold and t itself,
   * and the best point and the fold refined by golden sections.
   */
  static double penalised(SmoothResponse r, double penalty, double wanted, double present) {
    double reach = Math.abs(r.apply(present) - wanted) / Math.sqrt(penalty);
    double spacing = reach / COARSE;
    double best = present;
    double least = cost(r, penalty, wanted, present, best);
    for (int k = -COARSE; k <= COARSE + 2; k++) {
      double z = k <= COARSE ? present + k * spacing : k == COARSE + 1 ? r.fold() : wanted;
      double cost = cost(r, penalty, wanted, present, z);
      if (cost < least) {
        least = cost;
        best = z;
      }
    }
    double refined = refine(r, penalty, wanted, present, best, spacing);
    double folded = refine(r, penalty, wanted, present, r.fold(), FOLD);
    double costRefined = cost(r, penalty, wanted, present, refined);
    double costFolded = cost(r, penalty, wanted, present, folded);
    if (costFolded < Math.min(costRefined, least)) {
      return folded;
    }
    return costRefined < least ? refined : best;
  }

  private static double refine(
      SmoothResponse r, double penalty, double wanted, double present, double z, double spacing) {
    double low = z - spacing;
    double high = z + spacing;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double costLeft = cost(r, penalty, wanted, present, left);
    double costRight = cost(r, penalty, wanted, present, right);
    for (int k = 0; k < FINE; k++) {
      if (costLeft <= costRight) {
        high = right;
        right = left;
        costRight = costLeft;
        left = high - GOLDEN * (high - low);
        costLeft = cost(r, penalty, wanted, present, left);
      } else {
        low = left;
        left = right;
        costLeft = costRight;
        right = low + GOLDEN * (high - low);
        costRight = cost(r, penalty, wanted, present, right);
      }
    }
    return costLeft <= costRight ? left : right;
  }

  private static double cost(
      SmoothResponse r, double penalty, double wanted, double present, double z) {
    double miss = r.apply(z) - wanted;
    return miss * miss + penalty * (z - present) * (z - present);
  }
}
