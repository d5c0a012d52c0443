package io.pare.algorithm.admm;

import java.util.ArrayList;
import java.util.List;

/**
 * The extended alternating direction method of multipliers for {@code min f1(x1) + f2(x2) + f3(x3)
 * s.t. E1 x1 + E2 x2 + E3 x3 = 0}.
 *
 * <p>It starts in the order {@link Variant#GAUSS_SEIDEL}, balances the penalty on relative
 * residuals (Wohlberg 2017) for a limited number of rounds, then freezes it. From there on the
 * residuals must fall by a tenth in every window of iterations: either they do, and geometrically
 * falling residuals reach any tolerance, or {@link Variant#SEMI_PROXIMAL} takes over, which
 * converges for any penalty. Either way the method converges.
 *
 * <p>Stateless between runs; as thread-safe as its blocks.
 */
final class Splitting {
  // A change costs a factorisation, as much as some ten iterations: it has to pay for itself.
  private static final int BALANCING_INTERVAL = 7;
  private static final double DEAD_ZONE = 4;
  private static final double LARGEST_CHANGE = 10;
  private static final double REQUIRED_FALL = 0.9;

  private final List<Block> blocks;
  private final AdmmSettings settings;
  private final Residuals.Tolerance tolerance;
  private final Work work;

  /**
   * The method for three blocks.
   *
   * @param work that the blocks are charged to
   */
  Splitting(List<Block> blocks, AdmmSettings settings, Residuals.Tolerance tolerance, Work work) {
    if (blocks.size() != 3) {
      throw new IllegalArgumentException("needs three blocks, not " + blocks.size());
    }
    this.blocks = List.copyOf(blocks);
    this.settings = settings;
    this.tolerance = tolerance;
    this.work = work;
  }

  /** The interval that the penalty parameter is kept in while it is balanced. */
  record PenaltyRange(double least, double greatest) {
    double clamp(double penalty) {
      return Math.max(least, Math.min(greatest, penalty));
    }
  }

  /** The last iterate, its penalty parameter and the way there. */
  record Outcome(Variant.Iterate iterate, double penalty, Trace trace) {}

  /**
   * Iterates until the residuals meet the tolerance, or a limit is reached: of iterations or work.
   *
   * @throws ArithmeticException when an iterate is not finite
   */
  Outcome run(Variant.Iterate start, double startingPenalty, PenaltyRange range) {
    Variant.Iterate current = start;
    double penalty = startingPenalty;
    Variant variant = Variant.GAUSS_SEIDEL;
    double bestOfLastWindow = Double.POSITIVE_INFINITY;
    double best = Double.POSITIVE_INFINITY;
    List<Trace.Iteration> iterations = new ArrayList<>();
    for (int k = 1; k <= settings.iterationLimit(); k++) {
      Variant.Step step = variant.step(blocks, current, penalty);
      double dual = variant.dualResidual(current, step.iterate(), penalty);
      Residuals residuals = Residuals.of(step, dual, penalty);
      current = step.iterate();
      iterations.add(entry(step, residuals, penalty, variant));
      double distance = residuals.distance(tolerance);
      if (!Double.isFinite(distance)) {
        throw new ArithmeticException("the residuals of iteration " + k + " are not finite");
      }
      if (distance <= 1) {
        return new Outcome(current, penalty, new Trace(iterations, Trace.StopReason.CONVERGED));
      }
      if (work.isOver()) {
        return new Outcome(current, penalty, new Trace(iterations, Trace.StopReason.WORK_BOUND));
      }
      if (k <= settings.balancingRounds()) {
        if (k % BALANCING_INTERVAL == 0) {
          double balanced = range.clamp(penalty * change(residuals));
          current = current.rescaled(penalty, balanced);
          penalty = balanced;
        }
        continue;
      }
      best = Math.min(best, distance);
      if ((k - settings.balancingRounds()) % settings.stallWindow() == 0) {
        if (best > REQUIRED_FALL * bestOfLastWindow) {
          variant = Variant.SEMI_PROXIMAL;
        }
        bestOfLastWindow = best;
      }
    }
    return new Outcome(current, penalty, new Trace(iterations, Trace.StopReason.ITERATION_LIMIT));
  }

  /** The factor that moves the two relative residuals towards each other. */
  private static double change(Residuals residuals) {
    double ratio = Math.sqrt(residuals.relativePrimal() / residuals.relativeDual());
    if (Double.isNaN(ratio) || (ratio < DEAD_ZONE && ratio > 1 / DEAD_ZONE)) {
      return 1;
    }
    return Math.max(1 / LARGEST_CHANGE, Math.min(LARGEST_CHANGE, ratio));
  }

  private static Trace.Iteration entry(
      Variant.Step step, Residuals residuals, double penalty, Variant variant) {
    return new Trace.Iteration(
        step.value(),
        residuals.relativePrimal(),
        residuals.relativeDual(),
        penalty,
        step.secondActive(),
        step.firstActive(),
        variant);
  }
}
