package io.pare.algorithm.wide;

import io.pare.algorithm.fit.Fitting;
import io.pare.algorithm.fit.GramFits;
import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.LayerStatistics;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleProducts;
import io.pare.algorithm.statistics.SolvedMoments;
import io.pare.algorithm.statistics.SolvedTarget;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** Chooses the fits of a layer group by the statistics that there are. Stateless. */
public final class FitsBySpace {
  private FitsBySpace() {}

  /**
   * The fits that statistics allow.
   *
   * @param basis what the linear fits know: {@link Fitting#WEIGHTS} alone, or else the data
   * @param statistics of the samples
   * @param blocks gives a walk over the samples, as often as it is asked
   */
  public static LayerFits of(
      LayerProblem problem,
      Fitting basis,
      LayerStatistics statistics,
      Supplier<Iterator<PairedBlock>> blocks) {
    boolean weights = basis == Fitting.WEIGHTS;
    if (statistics instanceof SampleProducts products) {
      return new SampleSpaceFits(problem, basis, products, blocks);
    }
    if (statistics instanceof SolvedTarget solved) {
      return weights
          ? TargetFits.ofWeights(problem, blocks)
          : TargetFits.of(problem, solved, blocks);
    }
    if (weights) {
      return GramFits.ofWeights(problem, blocks);
    }
    return statistics instanceof SolvedMoments solved
        ? new GramFits(problem, solved, blocks)
        : new GramFits(problem, (Moments) statistics, blocks);
  }

  /** The fits that samples allow which are held together. */
  public static LayerFits of(LayerProblem problem, List<PairedBlock> samples) {
    return of(problem, Fitting.LINEAR, statistics(problem, samples.iterator()), samples::iterator);
  }

  /** The same, solved as far as several tasks that work with them would do it again. */
  public static LayerStatistics solved(LayerProblem problem, LayerStatistics statistics) {
    return statistics instanceof Moments moments
        ? SolvedMoments.of(problem.shape(), problem.matrix(), moments, problem.ridge())
        : statistics;
  }

  /** What the fits of a problem need of the samples of one task. */
  public static LayerStatistics statistics(LayerProblem problem, Iterator<PairedBlock> blocks) {
    if (problem.space().hasGram()) {
      return GramFits.moments(problem, blocks);
    }
    List<PairedBlock> all = new ArrayList<>();
    blocks.forEachRemaining(all::add);
    return SampleProducts.of(PairedBlock.joined(all).inputs(), problem.kernel());
  }
}
