package io.pare.algorithm.admm;

import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The structures (support of A, rank of B) that one problem shows along rays of penalties, each
 * solved from its neighbour's solution.
 *
 * <p>A ray is {@code (t, ratio t)}, walked down from the closed-form t at which both components are
 * zero. Only ratios lambda2 / lambda1 in a window can have both: minus the multiplier is a
 * subgradient of both norms, so {@code ||L_g||_F <= lambda1 w_g} and {@code ||L||_2 <= lambda2},
 * with equality where a group, or B, is not zero. With q the largest rank of a single group, {@code
 * ||L_g||_F <= sqrt(q) ||L||_2} rules A out below {@code w / sqrt(q)}, and {@code ||L||_2 <=
 * ||L||_F <= lambda1 w sqrt(groups)} rules B out above {@code w sqrt(groups)}.
 *
 * <p>Deterministic. Not thread-safe.
 */
public final class AdmmPath {
  // Clear of the tolerance: at the largest penalty itself a component is zero up to rounding only.
  private static final double START = 1.01;

  private final ExtendedAdmm admm;
  private final Grid grid;

  /** Paths of one problem. */
  public AdmmPath(ExtendedAdmm admm, Grid grid) {
    this.admm = admm;
    this.grid = grid;
  }

  /**
   * Where a ray is evaluated: at shares of its start that fall geometrically.
   *
   * @param points at most so many, at least 2; a ray also ends once A has every group, or B full
   *     rank
   * @param smallest the last share, above 0 and below 1
   */
  public record Grid(int points, double smallest) {
    /** Steps of about a quarter over three decades. */
    public static final Grid STANDARD = new Grid(32, 1e-3);

    public Grid {
      if (points < 2 || !(smallest > 0) || !(smallest < 1)) {
        throw new IllegalArgumentException(
            "a grid needs at least 2 points and a smallest share between 0 and 1, not "
                + points
                + " and "
                + smallest);
      }
    }

    double share(int point) {
      return Math.pow(smallest, (double) point / (points - 1));
    }
  }

  /**
   * A structure on a path.
   *
   * @param penalties the largest of the ray that show it
   * @param lowRank form and rank of B
   * @param support of A
   * @param trace how it was found, and whether that converged
   */
  public record Point(Penalties penalties, LowRank lowRank, Support support, Trace trace) {

    /** The structure, empty where both components are zero. */
    public Optional<Structure> structure() {
      return lowRank.isNone() && support.isEmpty()
          ? Optional.empty()
          : Optional.of(new Structure.Sum(lowRank, support));
    }
  }

  /** A half line of penalties that ends where both components become zero. */
  record Ray(Penalties start) {
    Penalties at(double share) {
      return new Penalties(share * start.sparse(), share * start.lowRank());
    }
  }

  /** Supports alone, B = 0; from many groups to none. */
  public List<Point> sparse() {
    return along(new Ray(Penalties.sparseAlone(START * admm.largestSparsePenalty())));
  }

  /** Ranks alone, A = 0; from high to zero. */
  public List<Point> lowRank() {
    return along(new Ray(Penalties.lowRankAlone(START * admm.largestLowRankPenalty())));
  }

  /**
   * Both together on each of some rays, spread evenly (geometrically) over the window of ratios;
   * ray after ray, from rich to poor.
   *
   * @param rays at least 1
   */
  public List<Point> mixed(int rays) {
    List<Point> points = new ArrayList<>();
    for (double ratio : ratios(admm, rays)) {
      points.addAll(along(ray(admm, ratio)));
    }
    return points;
  }

  /**
   * Groups in the order in which a path lets them in, the first one first; groups that enter at the
   * same point by number, those that never enter left out. The first k are a support of size k.
   *
   * @param path from rich to poor
   */
  public static int[] entryOrder(List<Point> path) {
    List<Integer> order = new ArrayList<>();
    for (int k = path.size() - 1; k >= 0; k--) {
      Arrays.stream(path.get(k).support().indices())
          .filter(g -> !order.contains(g))
          .forEach(order::add);
    }
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * Ratios lambda2 / lambda1 inside the window of those at which both components can be present.
   */
  static double[] ratios(ExtendedAdmm admm, int count) {
    LayerShape shape = admm.regression().shape();
    Groups groups = admm.groups();
    double weight = GroupPenalty.weight(groups, shape);
    double least = weight / Math.sqrt(admm.matricisation().largestGroupRank(groups, shape));
    double greatest = weight * Math.sqrt(groups.count(shape));
    double[] ratios = new double[count];
    for (int k = 0; k < count; k++) {
      ratios[k] = least * Math.pow(greatest / least, (k + 1.0) / (count + 1));
    }
    return ratios;
  }

  static Ray ray(ExtendedAdmm admm, double ratio) {
    double t = START * Math.max(admm.largestSparsePenalty(), admm.largestLowRankPenalty() / ratio);
    return new Ray(new Penalties(t, ratio * t));
  }

  private List<Point> along(Ray ray) {
    List<Point> points = new ArrayList<>();
    AdmmSolution solution = admm.solve(ray.at(1));
    add(points, ray.at(1), solution);
    for (int k = 1; k < grid.points() && !isFull(solution); k++) {
      Penalties penalties = ray.at(grid.share(k));
      solution = admm.solve(penalties, solution);
      add(points, penalties, solution);
    }
    Collections.reverse(points);
    return points;
  }

  private boolean isFull(AdmmSolution solution) {
    LayerShape shape = admm.regression().shape();
    return solution.support().size() == admm.groups().count(shape)
        || solution.rank() == admm.matricisation().largestRank(shape);
  }

  private void add(List<Point> points, Penalties penalties, AdmmSolution solution) {
    LowRank lowRank = admm.matricisation().lowRank(solution.rank());
    boolean known =
        points.stream()
            .anyMatch(
                point ->
                    point.lowRank().equals(lowRank) && point.support().equals(solution.support()));
    if (!known) {
      points.add(new Point(penalties, lowRank, solution.support(), solution.trace()));
    }
  }
}
