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
  private final Work work;
  private final LayerLoss loss;
  private final SingularSide side;

  /**
   * Prepares one problem: what is decomposed of G serves every pair of penalties.
   *
   * @param kind of A's groups
   * @param matricisation of B whose nuclear norm is penalised
   * @param work that everything is charged to; a solution ends where it is used up
   * @throws ArithmeticException when a moment is not finite or G is not positive definite
   */
  public ExtendedAdmm(
      Regression regression, Support.Kind kind, Matricisation matricisation, Work work) {
    this.regression = regression;
    groups = Groups.of(kind);
    this.matricisation = matricisation;
    this.work = work;
    loss = new LayerLoss(regression, work);
    side = new SingularSide(work);
  }

  /**
   * Solves the problem.
   *
   * @param start another solution of the layer, as on a path; from M = T where there is none
   * @param until when to stop
   */
  public AdmmSolution solve(Penalties penalties, Optional<AdmmSolution> start, AdmmSettings until) {
    double rho = start.map(AdmmSolution::penalty).orElseGet(loss::startingPenalty);
    Splitting.Outcome outcome =
        new Splitting(blocks(penalties), until, tolerance(until), work)
            .run(start.map(ExtendedAdmm::iterate).orElseGet(this::whole), rho, loss.range(rho));
    return solution(outcome);
  }

  /** The smallest lambda1 at which A = 0 solves the problem with B = 0. */
  public double largestSparsePenalty() {
    double[] norms = groups.norms(regression.cross(), regression.shape());
    return Arrays.stream(norms).max().orElse(0) / GroupPenalty.weight(groups, regression.shape());
  }

  /** The smallest lambda2 at which B = 0 solves the problem with A = 0. */
  public double largestLowRankPenalty() {
    return side.largest(matricisation.unfold(regression.cross(), regression.shape()));
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

  private List<Block> blocks(Penalties penalties) {
    LayerShape shape = regression.shape();
    return List.of(
        new GroupPenalty(groups, shape, penalties.sparse()),
        new NuclearPenalty(matricisation, shape, penalties.lowRank(), side, work),
        loss);
  }

  private Residuals.Tolerance tolerance(AdmmSettings until) {
    return new Residuals.Tolerance(
        until.absolute() * Residuals.norm(regression.target()),
        until.absolute() * Residuals.norm(regression.cross()),
        until.relative());
  }

  /** M = T, the solution without penalties: nearer to those of small penalties than zero is. */
  private Variant.Iterate whole() {
    Matrix zero = Matrix.zeros(regression.shape().outputs(), regression.shape().columns());
    return new Variant.Iterate(zero, zero, scaled(regression.target(), -1), zero);
  }

  private static Variant.Iterate iterate(AdmmSolution start) {
    return new Variant.Iterate(
        start.sparse(),
        start.lowRank(),
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
