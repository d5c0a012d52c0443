package io.pare.algorithm.admm;

/**
 * When the method stops and how it keeps its penalty parameter.
 *
 * @param absolute the absolute tolerance, in units of the root mean square entry of T for the
 *     primal residual and of C for the dual one, above 0
 * @param relative the tolerance relative to the iterates, above 0
 * @param iterationLimit at least 1; reaching it is reported in the trace
 * @param balancingRounds iterations after each of which the penalty parameter may still change; it
 *     is frozen afterwards, as the convergence proofs demand
 * @param stallWindow iterations within which the residuals have to fall by a tenth, at least 2;
 *     where they do not, the safeguarded variant takes over for good
 */
public record AdmmSettings(
    double absolute, double relative, int iterationLimit, int balancingRounds, int stallWindow) {

  /** Tight enough to read supports and ranks off; tens of iterations on real layers. */
  public static final AdmmSettings STANDARD = new AdmmSettings(1e-5, 1e-4, 2000, 20, 25);

  /** Good enough to look for penalties with: a few iterations from a neighbour's solution. */
  static final AdmmSettings SEARCH = new AdmmSettings(1e-3, 1e-2, 7, 7, 25);

  public AdmmSettings {
    if (!(absolute > 0) || !(relative > 0)) {
      throw new IllegalArgumentException(
          "tolerances must be above 0, not " + absolute + " and " + relative);
    }
    if (iterationLimit < 1 || balancingRounds < 0 || stallWindow < 2) {
      throw new IllegalArgumentException(
          "needs an iteration limit of at least 1, balancing rounds of at least 0 and a stall"
              + " window of at least 2, not "
              + iterationLimit
              + ", "
              + balancingRounds
              + " and "
              + stallWindow);
    }
  }
}
