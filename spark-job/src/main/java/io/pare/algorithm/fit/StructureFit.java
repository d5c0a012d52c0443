package io.pare.algorithm.fit;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Fits one structure to one problem, and again to other targets of the same inputs (algorithm.md
 * sections 2 and 4: debiasing on the frozen structure). Not thread-safe.
 *
 * <p>Kept filters take their rows of the target as they are; the low-rank component fits the other
 * rows. Kept input channels and the channel form have a closed form, {@link ChannelSum}; with the
 * other forms they are fitted in turns, each to what the other leaves.
 */
final class StructureFit implements AutoCloseable {
  private static final int TURNS = 4;
  private static final int SKETCHED_TURNS = 2;

  private final Structure.Sum structure;
  private final Regression regression;
  private final List<LowRankFit> prepared;

  /** Prepares the fits of a structure. */
  StructureFit(Structure.Sum structure, Regression regression) {
    this(structure, regression, List.of());
  }

  private StructureFit(Structure.Sum structure, Regression regression, List<LowRankFit> prepared) {
    this.structure = structure;
    this.regression = regression;
    this.prepared = new ArrayList<>(prepared);
  }

  /** The same structure for another target of the same inputs. */
  StructureFit retargeted(Regression next) {
    return new StructureFit(structure, next, prepared);
  }

  /** Frees what was prepared. */
  @Override
  public void close() {
    prepared.forEach(LowRankFit::close);
  }

  /** The components, fitted from nothing. */
  List<Component> fit() {
    return fit(LowRankFit::fit, TURNS);
  }

  /** The same in less time: see {@link LowRankFit#sketch}. */
  List<Component> sketch() {
    return fit(LowRankFit::sketch, SKETCHED_TURNS);
  }

  private List<Component> fit(BiFunction<LowRankFit, LowRank, Component> how, int turns) {
    Support support = structure.support();
    LowRank lowRank = structure.lowRank();
    if (lowRank.isNone()) {
      if (structure.isDense(regression.shape())) {
        return List.of(new Component.Dense(regression.target()));
      }
      return List.of(support.hasFilters() ? filters(regression.target()) : channels(regression));
    }
    if (support.isEmpty()) {
      return List.of(how.apply(form(regression), lowRank));
    }
    if (support.hasFilters()) {
      Component rest = how.apply(form(regression.outputs(others())), lowRank);
      return List.of(scattered(rest), filters(regression.target()));
    }
    if (lowRank.form() == Form.CHANNEL) {
      return new ChannelSum(regression, support.indices()).fit(lowRank.ranks()[0]);
    }
    return turns(how.apply(form(regression), lowRank), turns);
  }

  /** Components for this target, starting from those found for another. */
  List<Component> improve(List<Component> previous) {
    Support support = structure.support();
    if (structure.lowRank().isNone()) {
      return fit();
    }
    if (support.isEmpty()) {
      return List.of(form(regression).improve(previous.get(0)));
    }
    if (support.hasFilters()) {
      Component rest =
          form(regression.outputs(others())).improve(previous.get(0).outputs(others()));
      return List.of(scattered(rest), filters(regression.target()));
    }
    return structure.lowRank().form() == Form.CHANNEL ? fit() : turns(previous.get(0), TURNS);
  }

  private List<Component> turns(Component start, int turns) {
    Component low = start;
    Component sparse = channels(regression.minus(low.matrix(regression.shape())));
    for (int k = 1; k < turns; k++) {
      Regression rest = regression.minus(sparse.matrix(regression.shape()));
      low = form(rest).improve(low);
      sparse = channels(regression.minus(low.matrix(regression.shape())));
    }
    return List.of(low, sparse);
  }

  /** What depends on the inputs alone is prepared once. */
  private LowRankFit form(Regression target) {
    if (prepared.isEmpty()) {
      prepared.add(LowRankFit.prepare(structure.lowRank().form(), target));
      return prepared.get(0);
    }
    return prepared.get(0).retargeted(target);
  }

  private Component channels(Regression target) {
    int[] support = structure.support().indices();
    return new Component.KeptInputs(support, SupportFit.channels(target, support));
  }

  private Component filters(Matrix target) {
    int[] support = structure.support().indices();
    return new Component.KeptFilters(support, target.rows(support));
  }

  private int[] others() {
    boolean[] kept = new boolean[regression.shape().outputs()];
    for (int filter : structure.support().indices()) {
      kept[filter] = true;
    }
    return IntStream.range(0, kept.length).filter(row -> !kept[row]).toArray();
  }

  /** The component of the other outputs with rows of zeros for the kept filters. */
  private Component scattered(Component rest) {
    return ((Component.Factors) rest).scattered(others(), regression.shape().outputs());
  }
}
