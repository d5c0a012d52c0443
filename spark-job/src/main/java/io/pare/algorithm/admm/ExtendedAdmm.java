package io.pare.algorithm.admm;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Support;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Splits one layer's matrix into a structured sparse and a low-rank part (algorithm.md section 4;
 * the problem is that of arXiv 1807.10119, the norms, groups, order of updates, penalty rule and
 * stopping rule are this project's):
 *
 * <pre>
 *   minimise  l(M) + lambda1 sum_g w_g ||A_g||_F + lambda2 ||B||_*   subject to  A + B = M,
 *   l(M) = 1/2 tr(M G M^T) - tr(C M^T),   all of A, B, M, L  n x d
 *
 *   A &lt;- group soft threshold of (M - B - L/rho) at lambda1 w_g / rho
 *   B &lt;- singular value threshold of (M - A - L/rho) at lambda2 / rho
 *   M &lt;- (C + rho (A + B) + L)(G + rho I)^-1
 *   L &lt;- L + rho (A + B - M)
 * </pre>
 *
 * <p>The ridge in G makes l strongly convex, which a small enough rho turns into convergence of
 * this order (Cai, Han and Yuan 2017); rho starts at {@code sqrt(eigmax(G) eigmin(G))} and stays
 * within the two eigenvalues. Larger values are faster and unproven: {@link Variant#SEMI_PROXIMAL}
 * stands by, see {@link Splitting}.
 *
 * <p>Not thread-safe: decompositions are cached between calls.
 */
public final class ExtendedAdmm {
  private final Regression regression;
  private final Groups groups;
  private final Matricisation matricisation;
  private final AdmmSettings settings;
  private final Work work;
  private final Loss loss;

  /** Prepares one problem that may take as long as it needs. */
  public ExtendedAdmm(
      Regression regression,
      Support.Kind kind,
      Matricisation matricisation,
      AdmmSettings settings) {
    this(regression, kind, matricisation, settings, Work.unlimited());
  }

  /**
   * Prepares one problem: what is decomposed of G serves every pair of penalties.
   *
   * @param kind of A's groups
   * @param matricisation of B whose nuclear norm is penalised
   * @param work that everything is charged to; a solution ends where it is used up
   * @throws ArithmeticException when a moment is not finite or G is not positive definite
   */
  public ExtendedAdmm(
      Regression regression,
      Support.Kind kind,
      Matricisation matricisation,
      AdmmSettings settings,
      Work work) {
    this.regression = regression;
    groups = Groups.of(kind);
    this.matricisation = matricisation;
    this.settings = settings;
    this.work = work;
    loss = Loss.of(regression, work);
  }

  /** Solves from zero. */
  public AdmmSolution solve(Penalties penalties) {
    return solve(penalties, Optional.empty(), startingPenalty(), settings);
  }

  /** Solves from another solution of this problem, as a path does. */
  public AdmmSolution solve(Penalties penalties, AdmmSolution start) {
    return solve(penalties, Optional.of(start), start.penalty(), settings);
  }

  /** Comes near a solution, to see what it would be like. */
  AdmmSolution search(Penalties penalties, Optional<AdmmSolution> start) {
    double rho = start.map(AdmmSolution::penalty).orElseGet(this::startingPenalty);
    return solve(penalties, start, rho, AdmmSettings.SEARCH);
  }

  /** Solves from zero with a given first rho, above 0. */
  public AdmmSolution solve(Penalties penalties, double startingPenalty) {
    if (!(startingPenalty > 0) || Double.isInfinite(startingPenalty)) {
      throw new IllegalArgumentException("rho must be above 0, not " + startingPenalty);
    }
    return solve(penalties, Optional.empty(), startingPenalty, settings);
  }

  /** {@code sqrt(eigmax(G) eigmin(G))}. */
  public double startingPenalty() {
    return Math.sqrt(loss.largestEigenvalue() * loss.smallestEigenvalue());
  }

  /** The smallest lambda1 at which A = 0 solves the problem with B = 0. */
  public double largestSparsePenalty() {
    double[] norms = groups.norms(regression.cross(), regression.shape());
    return Arrays.stream(norms).max().orElse(0) / GroupPenalty.weight(groups, regression.shape());
  }

  /** The smallest lambda2 at which B = 0 solves the problem with A = 0. */
  public double largestLowRankPenalty() {
    return NuclearPenalty.singularValues(matricisation, regression.shape(), regression.cross())[0];
  }

  /** The objective at (A, B) with M = A + B: an upper bound of the optimum. */
  public double objective(Penalties penalties, AdmmSolution solution) {
    LayerShape shape = regression.shape();
    double value = loss.value(DenseAlgebra.combine(solution.sparse(), solution.lowRank(), 1));
    if (Double.isFinite(penalties.sparse())) {
      value += penalties.sparse() * GroupPenalty.norm(groups, shape, solution.sparse());
    }
    if (Double.isFinite(penalties.lowRank())) {
      double[] singular = NuclearPenalty.singularValues(matricisation, shape, solution.lowRank());
      value += penalties.lowRank() * Arrays.stream(singular).limit(solution.rank()).sum();
    }
    return value;
  }

  Work work() {
    return work;
  }

  Regression regression() {
    return regression;
  }

  Groups groups() {
    return groups;
  }

  Matricisation matricisation() {
    return matricisation;
  }

  private AdmmSolution solve(
      Penalties penalties, Optional<AdmmSolution> start, double rho, AdmmSettings until) {
    Splitting.PenaltyRange range =
        new Splitting.PenaltyRange(
            Math.min(rho, loss.smallestEigenvalue()), Math.max(rho, loss.largestEigenvalue()));
    Splitting.Outcome outcome =
        new Splitting(blocks(penalties), until, tolerance(until), work, loss.balancingInterval())
            .run(
                start.map(solution -> iterate(penalties, solution)).orElseGet(this::zero),
                rho,
                range);
    return solution(outcome);
  }

  private List<Block> blocks(Penalties penalties) {
    LayerShape shape = regression.shape();
    Block sparse =
        Double.isInfinite(penalties.sparse())
            ? new Block.Absent()
            : new GroupPenalty(groups, shape, penalties.sparse());
    Block lowRank =
        Double.isInfinite(penalties.lowRank())
            ? new Block.Absent()
            : new NuclearPenalty(matricisation, shape, penalties.lowRank(), work);
    return List.of(sparse, lowRank, loss);
  }

  private Residuals.Tolerance tolerance(AdmmSettings until) {
    return new Residuals.Tolerance(
        until.absolute() * Residuals.norm(regression.target()),
        until.absolute() * Residuals.norm(regression.cross()),
        until.relative());
  }

  private Variant.Iterate zero() {
    return Variant.Iterate.zero(regression.shape().outputs(), regression.shape().columns());
  }

  private Variant.Iterate iterate(Penalties penalties, AdmmSolution start) {
    Matrix zero = Matrix.zeros(start.fitted().rows(), start.fitted().columns());
    return new Variant.Iterate(
        Double.isInfinite(penalties.sparse()) ? zero : start.sparse(),
        Double.isInfinite(penalties.lowRank()) ? zero : start.lowRank(),
        scaled(start.fitted(), -1),
        scaled(start.multiplier(), 1 / start.penalty()));
  }

  private AdmmSolution solution(Splitting.Outcome outcome) {
    LayerShape shape = regression.shape();
    Matrix sparse = DenseAlgebra.requireFinite(outcome.iterate().first(), "sparse component");
    Matrix lowRank = DenseAlgebra.requireFinite(outcome.iterate().second(), "low-rank component");
    return new AdmmSolution(
        sparse,
        lowRank,
        scaled(outcome.iterate().third(), -1),
        scaled(outcome.iterate().scaledDual(), outcome.penalty()),
        outcome.penalty(),
        groups.support(sparse, shape),
        outcome.trace().last().rank(),
        outcome.trace());
  }

  private static Matrix scaled(Matrix matrix, double factor) {
    double[] values = matrix.values().clone();
    for (int k = 0; k < values.length; k++) {
      values[k] *= factor;
    }
    return new Matrix(matrix.rows(), matrix.columns(), values);
  }
}
