package io.pare.algorithm.fit;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.List;
import java.util.Optional;
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
final class StructureFit {
  private static final int TURNS = 4;
  private static final int SKETCHED_TURNS = 2;

  private final Structure.Sum structure;
  private final Regression regression;
  private final Forms forms;

  /**
   * The fits of a low-rank form to problems of one layer, for all structures that have the form.
   * What the inputs decide is prepared once; what a target decides is kept for the first one, which
   * every structure starts from, and the last.
   */
  static final class Forms implements AutoCloseable {
    private Optional<Prepared> first = Optional.empty();
    private Optional<Prepared> last = Optional.empty();

    private record Prepared(Regression target, LowRankFit fits) {}

    private LowRankFit of(Form form, Regression target) {
      if (first.isEmpty()) {
        first = Optional.of(new Prepared(target, LowRankFit.prepare(form, target)));
      }
      Prepared base = first.get();
      if (base.target() == target) {
        return base.fits();
      }
      if (last.isEmpty() || last.get().target() != target) {
        last = Optional.of(new Prepared(target, base.fits().retargeted(target)));
      }
      return last.get().fits();
    }

    /** Frees what was prepared. */
    @Override
    public void close() {
      first.ifPresent(prepared -> prepared.fits().close());
    }
  }

  /**
   * The fits of a structure.
   *
   * @param forms of its low-rank component, of the same layer
   */
  StructureFit(Structure.Sum structure, Regression regression, Forms forms) {
    this.structure = structure;
    this.regression = regression;
    this.forms = forms;
  }

  /** The same structure for another target of the same inputs. */
  StructureFit retargeted(Regression next) {
    return new StructureFit(structure, next, forms);
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

  private LowRankFit form(Regression target) {
    return forms.of(structure.lowRank().form(), target);
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
