package io.pare.algorithm.fit;

import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Candidate;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.Structure;
import java.util.List;
import java.util.Optional;

/**
 * The fits of one layer group, whatever space their linear systems are solved in. In the symmetric
 * mode the inputs are the original network's; in the asymmetric mode they come from the network
 * compressed so far, while the targets stay the original's (algorithm.md section 1). Not
 * thread-safe.
 */
public interface LayerFits {

  /**
   * Fits every step of a path and judges it on held-out samples: see {@link LowRankFit#sketch}.
   *
   * @param steps ascending
   */
  List<Judged> path(Form form, int[] steps);

  /** Fits structures and judges them on held-out samples, in their order. */
  List<Judged> judged(List<Structure.Sum> structures);

  /** The linear fits in some structures, each with its best bias, in their order. */
  List<Approximation> fits(List<Structure.Sum> structures);

  /** The same in less time: the fits that the errors of a path were measured with. */
  List<Approximation> sketches(List<Structure.Sum> structures);

  /**
   * The fit in a structure to the outputs before the activation or after it, or the projection of
   * the original weights where that does better on held-out samples.
   */
  Refit refit(Structure.Sum structure, Fitting fitting);

  /** The linear problem that the fits solve, where there is a Gram matrix. */
  Optional<Regression> regression();

  /** What stands in for it in a search, where there is none. */
  default Optional<InputScreen> screen() {
    return Optional.empty();
  }

  /**
   * What came of a structure.
   *
   * @param fit as {@link #sketches} would give it; empty where the error was found without it
   */
  record Judged(Candidate candidate, Optional<Approximation> fit) {
    /** An error that was found without the fit. */
    public static Judged of(Structure structure, double error) {
      return new Judged(new Candidate(structure, error), Optional.empty());
    }

    /** What was fitted. */
    public Structure structure() {
      return candidate.structure();
    }

    /** Relative post-activation error on held-out samples. */
    public double error() {
      return candidate.error();
    }
  }

  /**
   * A fit of a structure.
   *
   * @param approximation what replaces the group
   * @param error relative post-activation error on held-out samples
   * @param refitted whether it is the refit rather than the projection of the original weights
   */
  record Refit(Approximation approximation, double error, boolean refitted) {}
}
