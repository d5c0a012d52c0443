package io.pare.algorithm.candidate;

import io.pare.algorithm.structure.LayerShape;
import java.io.Serializable;
import java.util.Collection;
import java.util.EnumSet;

/**
 * How much of the solving of all layers the ADMM may take, counted in operations that are estimated
 * from sizes (algorithm.md section 4): so it is cut short at the same place on every machine.
 *
 * <p>A layer is given work in proportion to the root of its own, since the layers that take least
 * have most to win from a few seconds; together they are given no more than the share.
 *
 * @param total estimated work of the ADMM and everything else, above 0
 * @param perRoot work for each unit of the root of a layer's own
 */
public record AdmmBudget(double total, double perRoot) implements Serializable {
  /** Nothing. */
  public static final AdmmBudget NONE = new AdmmBudget(1, 0);

  /**
   * The budget of layers that are solved together.
   *
   * @param share of the whole that the ADMM may take, in [0, 1)
   * @param groups shapes of all layer groups with a Gram matrix
   * @param families that are solved, those of the ADMM among them or not
   */
  public static AdmmBudget of(
      double share, Collection<LayerShape> groups, Collection<Family> families) {
    double others =
        groups.stream().mapToDouble(shape -> new SolvingWork(shape).others(families)).sum();
    double roots = groups.stream().mapToDouble(AdmmBudget::root).sum();
    if (share == 0 || groups.isEmpty()) {
      return NONE;
    }
    return new AdmmBudget(others / (1 - share), share / (1 - share) * others / roots);
  }

  /** Whether there is none. */
  boolean isNone() {
    return perRoot == 0;
  }

  /** What the ADMM may take in one layer group. */
  double of(LayerShape shape) {
    return perRoot * root(shape);
  }

  /** The share of the whole that so much work is. */
  double share(double work) {
    return Math.min(1, work / total);
  }

  private static double root(LayerShape shape) {
    return Math.sqrt(new SolvingWork(shape).others(EnumSet.allOf(Family.class)));
  }
}
