package io.pare.algorithm.admm;

import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Sums that one problem shows at given costs: a path of penalties, each solved from its neighbour's
 * solution, that is aimed at a handful of weights and not at a grid (algorithm.md section 4).
 *
 * <p>A ray of penalties is {@code (t, ratio t)}. Only ratios lambda2 / lambda1 in a window can have
 * both components: minus the multiplier is a subgradient of both norms, so {@code ||L_g||_F <=
 * lambda1 w_g} and {@code ||L||_2 <= lambda2}, with equality where a group, or B, is not zero. With
 * q the largest rank of a single group, {@code ||L_g||_F <= sqrt(q) ||L||_2} rules A out below
 * {@code w / sqrt(q)}, and {@code ||L||_2 <= ||L||_F <= lambda1 w sqrt(groups)} rules B out above
 * {@code w sqrt(groups)}. The search starts inside the window and moves away from the end at which
 * a component is absent.
 *
 * <p>Deterministic. Not thread-safe.
 */
public final class AdmmPath {
  // Towards the end that is sparing with groups: one costs as much as several ranks.
  private static final double PLACE = 0.35;
  private static final double FIRST = 0.3;
  private static final double STEP = 1.7;
  private static final double DAMPING = 0.7;
  private static final double NEXT = 0.8;
  private static final double NEAR = 0.15;
  private static final int TRIES = 8;

  private final ExtendedAdmm admm;
  private final AimedStructure aimed;
  private final Predicate<Structure.Sum> dominated;
  private Window window;
  private double t;
  private Optional<AdmmSolution> last = Optional.empty();

  /**
   * Paths of one problem.
   *
   * @param dominated whether a structure is not worth an exact solution, because a single component
   *     of its cost promises less error
   */
  public AdmmPath(ExtendedAdmm admm, Predicate<Structure.Sum> dominated) {
    this.admm = admm;
    this.dominated = dominated;
    aimed = new AimedStructure(admm);
    window = Window.of(admm);
    t =
        FIRST
            * Math.max(admm.largestSparsePenalty(), admm.largestLowRankPenalty() / window.ratio());
  }

  /**
   * A sum on the path.
   *
   * @param aim number of the cost that was aimed at
   * @param structure of at most that many weights
   * @param trace how it was found, and whether that converged
   * @param spent on it and everything before
   */
  public record Point(int aim, Structure.Sum structure, Trace trace, double spent) {}

  /** Ratios lambda2 / lambda1 between which both components are looked for. */
  private record Window(double least, double greatest) {
    static Window of(ExtendedAdmm admm) {
      LayerShape shape = admm.regression().shape();
      Groups groups = admm.groups();
      double weight = GroupPenalty.weight(groups, shape);
      return new Window(
          weight / Math.sqrt(admm.matricisation().largestGroupRank(groups, shape)),
          weight * Math.sqrt(groups.count(shape)));
    }

    double ratio() {
      return least * Math.pow(greatest / least, PLACE);
    }
  }

  /**
   * One sum for each cost, from poor to rich. A cost is left out where no ratio that was tried
   * shows both components at it, and where the work is used up before it.
   *
   * @param budgets weights, ascending
   */
  public List<Point> aimed(long[] budgets) {
    List<Point> points = new ArrayList<>();
    for (int aim = 0; aim < budgets.length && !admm.work().isOver(); aim++) {
      t *= aim == 0 ? 1 : NEXT;
      AdmmSolution near = near(budgets[aim]);
      Optional<Structure.Sum> promised = aimed.of(near, budgets[aim]);
      if (promised.isEmpty()) {
        continue;
      }
      if (admm.work().isOver()) {
        points.add(point(aim, promised.get(), near.trace().stopped(Trace.StopReason.WORK_BOUND)));
      } else if (dominated.test(promised.get())) {
        points.add(point(aim, promised.get(), near.trace().stopped(Trace.StopReason.DOMINATED)));
      } else {
        AdmmSolution solution = admm.solve(penalties(), last, AdmmSettings.STANDARD);
        last = Optional.of(solution);
        Structure.Sum found = aimed.of(solution, budgets[aim]).orElse(promised.get());
        points.add(point(aim, found, solution.trace()));
      }
    }
    return points;
  }

  private Point point(int aim, Structure.Sum structure, Trace trace) {
    return new Point(aim, structure, trace, admm.work().spent());
  }

  private Penalties penalties() {
    return new Penalties(t, window.ratio() * t);
  }

  /**
   * Comes near a solution that has both components and costs about as much as the budget: penalties
   * follow the cost after every few iterations, which is sooner than solutions are found.
   */
  private AdmmSolution near(long budget) {
    for (int tries = 1; ; tries++) {
      AdmmSolution solution = admm.solve(penalties(), last, AdmmSettings.SEARCH);
      last = Optional.of(solution);
      double share = (double) aimed.weights(solution) / budget;
      boolean lacksOne = solution.support().isEmpty() || solution.rank() == 0;
      if (tries == TRIES || admm.work().isOver() || (!lacksOne && Math.abs(share - 1) <= NEAR)) {
        return solution;
      }
      if (lacksOne && share > 1 - NEAR) {
        turn(solution);
      } else {
        t *= Math.max(1 / STEP, Math.min(STEP, Math.pow(share, DAMPING)));
      }
    }
  }

  /** Another ratio: the penalty of the component that is there stays, the other one falls. */
  private void turn(AdmmSolution solution) {
    double lowRank = penalties().lowRank();
    if (solution.support().isEmpty()) {
      window = new Window(window.ratio(), window.greatest());
      t = lowRank / window.ratio();
    } else {
      window = new Window(window.least(), window.ratio());
    }
  }
}
