package io.pare.algorithm.admm;

import java.util.List;

/**
 * What happened, iteration by iteration, and why it ended.
 *
 * @param iterations at least one
 * @param stopReason why the last one was the last
 * @param share of the estimated solving work of all layers that it took, what it needed to come
 *     near and the fit of its structure with it, in [0, 1]; 0 where nothing was counted
 */
public record Trace(List<Iteration> iterations, StopReason stopReason, double share) {

  public Trace {
    iterations = List.copyOf(iterations);
    if (!(share >= 0) || share > 1) {
      throw new IllegalArgumentException("a share lies between 0 and 1: " + share);
    }
  }

  /** What happened where work is not counted. */
  public Trace(List<Iteration> iterations, StopReason stopReason) {
    this(iterations, stopReason, 0);
  }

  /** The same with another reason to stop. */
  Trace stopped(StopReason reason) {
    return new Trace(iterations, reason, share);
  }

  /** The same with the share of the work that it took. */
  public Trace withShare(double newShare) {
    return new Trace(iterations, stopReason, newShare);
  }

  /** Why the method stopped. */
  public enum StopReason {
    /** Both residuals are within their tolerances. */
    CONVERGED,
    /** The iteration limit came first: the result is not a solution. */
    ITERATION_LIMIT,
    /** The structure promised more error than a single component of its cost: not followed up. */
    DOMINATED,
    /** The share of the work that the ADMM may take was used up. */
    WORK_BOUND
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
