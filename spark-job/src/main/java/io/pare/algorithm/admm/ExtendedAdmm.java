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
  private final LayerLoss loss;

  /**
   * Prepares one problem: one eigendecomposition of G serves every pair of penalties.
   *
   * @param kind of A's groups
   * @param matricisation of B whose nuclear norm is penalised
   * @throws ArithmeticException when a moment is not finite or G is not positive definite
   */
  public ExtendedAdmm(
      Regression regression,
      Support.Kind kind,
      Matricisation matricisation,
      AdmmSettings settings) {
    this.regression = regression;
    groups = Groups.of(kind);
    this.matricisation = matricisation;
    this.settings = settings;
    loss = new LayerLoss(regression);
  }

  /** Solves from zero. */
  public AdmmSolution solve(Penalties penalties) {
    return solve(penalties, Optional.empty(), startingPenalty());
  }

  /** Solves from another solution of this problem, as a path does. */
  public AdmmSolution solve(Penalties penalties, AdmmSolution start) {
    return solve(penalties, Optional.of(start), start.penalty());
  }

  /** Solves from zero with a given first rho, above 0. */
  public AdmmSolution solve(Penalties penalties, double startingPenalty) {
    if (!(startingPenalty > 0) || Double.isInfinite(startingPenalty)) {
      throw new IllegalArgumentException("rho must be above 0, not " + startingPenalty);
    }
    return solve(penalties, Optional.empty(), startingPenalty);
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

  Regression regression() {
    return regression;
  }

  Groups groups() {
    return groups;
  }

  Matricisation matricisation() {
    return matricisation;
  }

  private AdmmSolution solve(Penalties penalties, Optional<AdmmSolution> start, double rho) {
    Splitting.PenaltyRange range =
        new Splitting.PenaltyRange(
            Math.min(rho, loss.smallestEigenvalue()), Math.max(rho, loss.largestEigenvalue()));
    Splitting.Outcome outcome =
        new Splitting(blocks(penalties), settings, tolerance())
            .run(
                start.map(solution -> iterate(penalties, solution)).orElseGet(this::zero),
                rho,
                range);
    return solution(penalties, outcome);
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
            : new NuclearPenalty(matricisation, shape, penalties.lowRank());
    return List.of(sparse, lowRank, loss);
  }

  private Residuals.Tolerance tolerance() {
    return new Residuals.Tolerance(
        settings.absolute() * Residuals.norm(regression.target()),
        settings.absolute() * Residuals.norm(regression.cross()),
        settings.relative());
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

  private AdmmSolution solution(Penalties penalties, Splitting.Outcome outcome) {
    LayerShape shape = regression.shape();
    Matrix sparse = DenseAlgebra.requireFinite(outcome.iterate().first(), "sparse component");
    Matrix lowRank = DenseAlgebra.requireFinite(outcome.iterate().second(), "low-rank component");
    int rank = outcome.trace().last().rank();
    return new AdmmSolution(
        sparse,
        lowRank,
        scaled(outcome.iterate().third(), -1),
        scaled(outcome.iterate().scaledDual(), outcome.penalty()),
        outcome.penalty(),
        groups.support(sparse, shape),
        rank,
        objective(penalties, sparse, lowRank, rank),
        outcome.trace());
  }

  /** The objective at (A, B) with M = A + B. */
  private double objective(Penalties penalties, Matrix sparse, Matrix lowRank, int rank) {
    LayerShape shape = regression.shape();
    double value = loss.value(DenseAlgebra.combine(sparse, lowRank, 1));
    if (Double.isFinite(penalties.sparse())) {
      value += penalties.sparse() * GroupPenalty.norm(groups, shape, sparse);
    }
    if (Double.isFinite(penalties.lowRank())) {
      double[] singular = NuclearPenalty.singularValues(matricisation, shape, lowRank);
      value += penalties.lowRank() * Arrays.stream(singular).limit(rank).sum();
    }
    return value;
  }

  private static Matrix scaled(Matrix matrix, double factor) {
    double[] values = matrix.values().clone();
    for (int k = 0; k < values.length; k++) {
      values[k] *= factor;
    }
    return new Matrix(matrix.rows(), matrix.columns(), values);
  }
}
