package io.pare.algorithm.admm;

import java.util.List;

/**
 * What happened, iteration by iteration, and why it ended.
 *
 * @param iterations at least one
 * @param stopReason why the last one was the last
 */
public record Trace(List<Iteration> iterations, StopReason stopReason) {

  public Trace {
    iterations = List.copyOf(iterations);
  }

  /** Why the method stopped. */
  public enum StopReason {
    /** Both residuals are within their tolerances. */
    CONVERGED,
    /** The iteration limit came first: the result is not a solution. */
    ITERATION_LIMIT
  }

  /**
   * One iteration.
   *
   * @param objective l(M) + lambda1 sum_g w_g ||A_g||_F + lambda2 ||B||_*; below the optimum while
   *     A + B and M still differ
   * @param primalResidual {@code ||A + B - M||} relative to the largest of the three
   * @param dualResidual relative to the multiplier
   * @param penalty rho of this iteration
   * @param rank of B in its matricisation
   * @param supportSize groups of A that are not zero
   * @param variant order of the updates
   */
  public record Iteration(
      double objective,
      double primalResidual,
      double dualResidual,
      double penalty,
      int rank,
      int supportSize,
      Variant variant) {}

  /** Whether the residuals met their tolerances. */
  public boolean converged() {
    return stopReason == StopReason.CONVERGED;
  }

  /** The last iteration. */
  public Iteration last() {
    return iterations.get(iterations.size() - 1);
  }
}
