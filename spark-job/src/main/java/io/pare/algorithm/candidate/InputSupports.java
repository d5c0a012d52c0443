package io.pare.algorithm.candidate;

import io.pare.algorithm.fit.GreedySupport;
import io.pare.algorithm.fit.InputScreen;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Kept inputs alone, in the order of greedy backward elimination. Behind a Flatten they are tried
 * one by one and channel by channel: whole channels leave more error at equal weights, and save the
 * filters that compute them (algorithm.md section 5). Stateless.
 */
final class InputSupports {
  // Fits of wide layers take long: fewer of them tell as much.
  private static final double[] COARSE_SHARES = {0.9, 0.78, 0.66, 0.5, 0.36, 0.25, 0.15};
  private static final double[] SHARES = {
    0.95, 0.9, 0.84, 0.78, 0.72, 0.66, 0.6, 0.54, 0.48, 0.42, 0.36, 0.3, 0.25, 0.2, 0.15, 0.1
  };
  // Beyond these the search takes longer than what it was seen to win.
  private static final int SEARCHED_COLUMNS = 4608;

  private static final int[] ALONE = {1};

  // Channels of more positions are few and read whole images: nothing to choose among.
  private static final int LARGEST_CHANNEL = 256;

  private InputSupports() {}

  /**
   * What to judge.
   *
   * @param together neighbouring inputs that are one channel, at least 1
   */
  static List<Proposal> proposals(Regression regression, int together) {
    Set<Support> supports = new LinkedHashSet<>(supports(regression));
    if (hasChannels(regression.shape(), together)) {
      Regression grouped = regression.grouped(together);
      for (Support channels : supports(grouped)) {
        int[] inputs = grouped.shape().columns(channels.indices());
        supports.add(new Support(Support.Kind.INPUTS, inputs));
      }
    }
    return proposals(supports);
  }

  /**
   * What to judge of a layer without a Gram matrix: shares of the inputs that carry most, and all
   * of these.
   *
   * @param together neighbouring inputs that are one channel, at least 1
   */
  static List<Proposal> proposals(InputScreen screen, int together) {
    Set<Support> supports = new LinkedHashSet<>();
    for (int size : hasChannels(screen.shape(), together) ? new int[] {1, together} : ALONE) {
      InputScreen.Part part = screen.part(size, SEARCHED_COLUMNS);
      Regression grouped = part.problem().grouped(size);
      List<Support> chosen = new ArrayList<>(supports(grouped));
      if (part.inputs().length < screen.shape().columns()) {
        int[] all = IntStream.range(0, grouped.shape().inputChannels()).toArray();
        chosen.add(new Support(Support.Kind.INPUTS, all));
      }
      for (Support support : chosen) {
        int[] places = grouped.shape().columns(support.indices());
        supports.add(new Support(Support.Kind.INPUTS, part.inWhole(places)));
      }
    }
    return proposals(supports);
  }

  private static boolean hasChannels(LayerShape shape, int together) {
    return together > 1 && together < shape.columns() && together <= LARGEST_CHANNEL;
  }

  private static List<Proposal> proposals(Set<Support> supports) {
    List<Proposal> proposals = new ArrayList<>();
    supports.forEach(
        support -> proposals.add(Proposal.of(proposals.size(), Structure.of(support))));
    return proposals;
  }

  private static List<Support> supports(Regression regression) {
    LayerShape shape = regression.shape();
    IntFunction<Support> support =
        shape.columns() <= SEARCHED_COLUMNS
            ? GreedySupport.of(regression)::support
            : new ScreenedSupport(regression, SEARCHED_COLUMNS)::support;
    return Arrays.stream(shares(shape))
        .mapToInt(share -> Math.max(1, (int) Math.floor(share * shape.inputChannels())))
        .distinct()
        .mapToObj(support)
        .toList();
  }

  private static double[] shares(LayerShape shape) {
    return shape.hasCoarsePath() ? COARSE_SHARES : SHARES;
  }

  /** The fewest input channels that are kept. */
  static int fewest(LayerShape shape) {
    double least = Arrays.stream(shares(shape)).min().orElseThrow();
    return Math.max(1, (int) Math.floor(least * shape.inputChannels()));
  }
}
