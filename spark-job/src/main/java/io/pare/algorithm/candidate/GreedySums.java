package io.pare.algorithm.candidate;

import io.pare.algorithm.fit.InputScreen;
import io.pare.algorithm.fit.LowRankFit;
import io.pare.algorithm.fit.SupportFit;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Sums of a low-rank form and a few input channels, beside the form alone at the same weights, so
 * that it shows whether the channels earn what they cost.
 *
 * <p>The channels are those that each alone would take most off the error which the form leaves:
 * with R = T - B, channel g takes {@code tr((R G)_g G_gg^-1 (R G)_g^T)} (algorithm.md section 2,
 * the best A on a fixed support). Immutable.
 */
enum GreedySums {
  /** For kernels of one position: an input is one column of many. */
  CHANNEL(Form.CHANNEL, 64),
  /** For kernels with more than one row and column. */
  SPATIAL(Form.SPATIAL, Integer.MAX_VALUE);

  private static final double[] SHARES = {0.5, 0.3, 0.18};
  private static final double[] COARSE_SHARES = {0.25};
  private static final int PART = 16;
  private static final int SCREENED = 4608;

  private final Form form;
  private final int fewer;

  /**
   * Sums of one form.
   *
   * @param form beside the inputs
   * @param fewer what part of the inputs is the smaller number of them that is tried
   */
  GreedySums(Form form, int fewer) {
    this.form = form;
    this.fewer = fewer;
  }

  /**
   * What to judge.
   *
   * @param wide whether fits take long, so that fewer have to do
   */
  List<Proposal> proposals(Regression regression, boolean wide) {
    try (LowRankFit fits = LowRankFit.prepare(form, regression)) {
      return proposals(
          regression.shape(),
          wide,
          rank -> order(regression, fits.sketch(new LowRank(form, rank))));
    }
  }

  /** What to judge of a layer without a Gram matrix: its most energetic inputs are looked at. */
  List<Proposal> proposals(InputScreen screen) {
    LayerShape shape = screen.shape();
    InputScreen.Part part = screen.part(1, SCREENED);
    return proposals(
        shape, shape.hasCoarsePath(), rank -> part.inWhole(descending(screen.gains(part, rank))));
  }

  /**
   * Sums at some costs.
   *
   * @param order of the inputs beside the form of a rank, those first that take most off its error
   */
  private List<Proposal> proposals(LayerShape shape, boolean wide, IntFunction<int[]> order) {
    List<Proposal> proposals = new ArrayList<>();
    for (double share : wide ? COARSE_SHARES : SHARES) {
      long budget = (long) (share * shape.weights());
      int whole = rank(shape, budget, 0);
      if (whole < 1) {
        continue;
      }
      int[] ordered = order.apply(whole);
      for (int channels : sizes(shape.inputChannels())) {
        int rank = rank(shape, budget, channels);
        if (rank >= 1 && channels < shape.inputChannels() && channels <= ordered.length) {
          proposals.add(
              Proposal.of(
                  proposals.size(),
                  new Structure.Sum(new LowRank(form, rank), support(ordered, channels))));
        }
      }
    }
    return proposals;
  }

  private int[] sizes(int inputs) {
    return new int[] {0, Math.max(1, inputs / fewer), Math.max(2, inputs / PART)};
  }

  private int rank(LayerShape shape, long budget, int channels) {
    Geometry unknown = Geometry.UNKNOWN;
    long one = Structure.of(new LowRank(form, 1)).cost(shape, unknown).weights();
    long channel = (long) shape.outputs() * shape.kernelHeight() * shape.kernelWidth();
    return (int) Math.max(0, (budget - channels * channel) / one);
  }

  private static Support support(int[] order, int channels) {
    int[] first = Arrays.copyOf(order, channels);
    Arrays.sort(first);
    return channels == 0 ? Support.NONE : new Support(Support.Kind.INPUTS, first);
  }

  /** The channels, those first that take most off what a component leaves. */
  private static int[] order(Regression regression, Component low) {
    return descending(SupportFit.gains(regression.minus(low.matrix(regression.shape()))));
  }

  private static int[] descending(double[] gains) {
    return IntStream.range(0, gains.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer channel) -> -gains[channel]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
