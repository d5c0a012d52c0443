package io.pare.algorithm.candidate;

import io.pare.algorithm.structure.LayerShape;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * How much there is to solve one layer group, estimated from its shape alone in the unit of {@link
 * io.pare.algorithm.admm.Work}: so the ADMM is bounded at the same place on every machine. Counted
 * are the moments of eight samples a column, a factorisation of G and its target for each other
 * family that is asked for and applies, and fits and judgements of their candidates.
 *
 * @param shape of one group of the layer
 */
record SolvingWork(LayerShape shape) {
  private static final double SAMPLES = 8;
  private static final double HELD_OUT = 2;
  // Of all families.
  private static final double CANDIDATES = 48;
  private static final double COARSE_CANDIDATES = 40;
  // Of a fit, in products of W and G. Of wide layers a few large ones are all of it, of narrow ones
  // the least.
  private static final double FIT = 30;
  private static final double COARSE_FIT = 6;
  private static final double SUM = 40;

  /**
   * Of everything but the ADMM.
   *
   * @param families that are solved
   */
  double others(Collection<Family> families) {
    double d = shape.columns();
    double product = 2.0 * shape.outputs() * d * d;
    double count = besideAdmm(families.stream());
    boolean coarse = shape.hasCoarsePath();
    double candidates =
        (coarse ? COARSE_CANDIDATES : CANDIDATES)
            * count
            / Math.max(1, besideAdmm(Arrays.stream(Family.values())));
    return SAMPLES * (d * d * d + product)
        + count * (2 * d * d * d / 3 + 2 * product)
        + candidates * ((coarse ? COARSE_FIT : FIT) + HELD_OUT) * product;
  }

  /** How many of the families apply, those of the ADMM not counted. */
  private long besideAdmm(Stream<Family> families) {
    return families.filter(family -> !family.isAdmm() && family.applies(shape, 1)).count();
  }

  /** Of fitting and judging one sum. */
  double sum() {
    double d = shape.columns();
    return (SUM + HELD_OUT) * 2 * shape.outputs() * d * d;
  }
}
