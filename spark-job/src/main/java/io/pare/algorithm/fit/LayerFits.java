package io.pare.algorithm.fit;

import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.LayerStatistics;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.SampleProducts;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Candidate;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.Structure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The fits of one layer group, whatever space their linear systems are solved in. In the symmetric
 * mode the inputs are the original network's; in the asymmetric mode they come from the network
 * compressed so far, while the targets stay the original's (algorithm.md section 1). Not
 * thread-safe.
 */
public interface LayerFits {

  /**
   * The fits that statistics allow.
   *
   * @param basis what the linear fits know: {@link Fitting#WEIGHTS} alone, or else the data
   * @param statistics of the samples
   * @param blocks gives a walk over the samples, as often as it is asked
   */
  static LayerFits of(
      LayerProblem problem,
      Fitting basis,
      LayerStatistics statistics,
      Supplier<Iterator<PairedBlock>> blocks) {
    if (statistics instanceof SampleProducts products) {
      return new SampleSpaceFits(problem, basis, products, blocks);
    }
    return basis == Fitting.WEIGHTS
        ? GramFits.ofWeights(problem, blocks)
        : new GramFits(problem, (Moments) statistics, blocks);
  }

  /** The fits that samples allow which are held together. */
  static LayerFits of(LayerProblem problem, List<PairedBlock> samples) {
    return of(problem, Fitting.LINEAR, statistics(problem, samples.iterator()), samples::iterator);
  }

  /** What the fits of a problem need of the samples of one task. */
  static LayerStatistics statistics(LayerProblem problem, Iterator<PairedBlock> blocks) {
    if (problem.space().hasGram()) {
      return GramFits.moments(problem, blocks);
    }
    List<PairedBlock> all = new ArrayList<>();
    blocks.forEachRemaining(all::add);
    return SampleProducts.of(PairedBlock.joined(all).inputs(), problem.kernel());
  }

  /**
   * Fits every step of a path and judges it on held-out samples: see {@link LowRankFit#sketch}.
   *
   * @param steps ascending
   */
  List<Candidate> path(Form form, int[] steps);

  /** Fits structures and judges them on held-out samples, in their order. */
  List<Candidate> judged(List<Structure.Sum> structures);

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

  /**
   * A fit of a structure.
   *
   * @param approximation what replaces the group
   * @param error relative post-activation error on held-out samples
   * @param refitted whether it is the refit rather than the projection of the original weights
   */
  record Refit(Approximation approximation, double error, boolean refitted) {}
}
