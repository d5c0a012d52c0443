package io.pare.algorithm.fit;

import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.structure.Approximation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * Fits to the outputs after the nonlinearity by an outer loop of linear fits (algorithm.md section
 * 3). Each round replaces the target by one that the nonlinearity cannot tell from the original's
 * output and refits; the Gram matrix never changes.
 *
 * <p>The first rounds take the sharper, penalised target with a rising penalty; the last ones the
 * majorised target, which cannot raise the loss on the fit samples. The iterate with the least
 * error on held-out samples is kept, so no round can make the result worse. Stateless.
 */
public final class ActivationRounds {
  static final double[] PENALTIES = {0.02, 0.2};
  private static final int MAJORISED = 2;
  private static final double ENOUGH = 1e-3;

  private ActivationRounds() {}

  /**
   * One iterate.
   *
   * @param penalty of the target that it was fitted to; infinity for a majorised one, 0 for the
   *     linear fit
   * @param fitError relative post-activation error on the samples of the fit
   * @param heldOutError the same on held-out samples
   */
  public record Round(double penalty, double fitError, double heldOutError) {}

  /**
   * A fit and how it was reached.
   *
   * @param approximation with the least held-out error
   * @param error its held-out error
   * @param rounds all iterates in order
   */
  public record Result(Approximation approximation, double error, List<Round> rounds) {}

  /** A linear fit to one target. */
  public interface Iterate {

    /**
     * Compares the fit with the samples.
     *
     * @param penalty of the target that follows; empty where none does
     */
    Measured measured(OptionalDouble penalty);

    Approximation approximation();
  }

  /**
   * What the samples say of a fit.
   *
   * @param fitError relative post-activation error on the samples of the fit
   * @param heldOutError the same on held-out samples
   * @param next the fit to the target that follows; fails where none was asked for
   */
  public record Measured(double fitError, double heldOutError, Supplier<Iterate> next) {}

  /**
   * Walks the rounds.
   *
   * @param first the fit to the outputs before the nonlinearity
   * @param fitting only {@link Fitting#ACTIVATION} has rounds, and only where there is a
   *     nonlinearity
   */
  public static Result run(Iterate first, LayerProblem problem, Fitting fitting) {
    boolean linear = fitting != Fitting.ACTIVATION || problem.activation().isIdentity();
    int last = linear ? 0 : PENALTIES.length + MAJORISED;
    Iterate present = first;
    Iterate best = first;
    double bestError = Double.POSITIVE_INFINITY;
    double penaltyBefore = 0;
    List<Round> rounds = new ArrayList<>();
    for (int k = 0; ; k++) {
      double penalty = k < PENALTIES.length ? PENALTIES[k] : Double.POSITIVE_INFINITY;
      Measured measured =
          present.measured(k < last ? OptionalDouble.of(penalty) : OptionalDouble.empty());
      double error = measured.heldOutError();
      rounds.add(new Round(penaltyBefore, measured.fitError(), error));
      boolean settled = bestError - error < ENOUGH * bestError && k > PENALTIES.length;
      if (error < bestError) {
        bestError = error;
        best = present;
      }
      if (settled || k == last) {
        return new Result(best.approximation(), bestError, rounds);
      }
      present = measured.next().get();
      penaltyBefore = penalty;
    }
  }
}
