package io.pare.algorithm.candidate;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.GreedySupport;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Support;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Kept inputs of a layer with more of them than a greedy search can order ({@link GreedySupport}
 * takes the cube of their number). Channels are ranked by the energy that they carry alone in the
 * best fit, {@code tr(T_g G_gg T_g^T)}; among the most energetic the search goes on. Ties go to the
 * smaller number: deterministic. Not thread-safe.
 */
public final class ScreenedSupport {
  private final int[] ranked;
  private final int[] searched;
  private final GreedySupport greedy;

  /**
   * Ranks the channels of a problem.
   *
   * @param most columns that are searched: those of at least one channel
   */
  public ScreenedSupport(Regression regression, int most) {
    double[] energy = energy(regression);
    ranked =
        IntStream.range(0, energy.length)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer j) -> -energy[j])
                    .thenComparing(Comparator.naturalOrder()))
            .mapToInt(Integer::intValue)
            .toArray();
    int taps = regression.shape().columns() / ranked.length;
    searched = first(Math.max(1, Math.min(most / taps, ranked.length)));
    greedy = GreedySupport.of(regression.inputs(searched));
  }

  /**
   * The support of a size.
   *
   * @param size from 1 to the number of channels
   */
  public Support support(int size) {
    if (size < 1 || size > ranked.length) {
      throw new IllegalArgumentException(
          "a support has 1 to " + ranked.length + " channels, not " + size);
    }
    int[] kept =
        size > searched.length
            ? first(size)
            : Arrays.stream(greedy.support(size).indices()).map(k -> searched[k]).toArray();
    return new Support(Support.Kind.INPUTS, kept);
  }

  private int[] first(int count) {
    int[] chosen = Arrays.copyOf(ranked, count);
    Arrays.sort(chosen);
    return chosen;
  }

  private static double[] energy(Regression regression) {
    Matrix target = regression.target();
    Matrix gram = regression.gram();
    int channels = regression.shape().inputChannels();
    int taps = target.columns() / channels;
    double[] energy = new double[channels];
    for (int g = 0; g < channels; g++) {
      for (int i = 0; i < target.rows(); i++) {
        for (int s = g * taps; s < (g + 1) * taps; s++) {
          for (int t = g * taps; t < (g + 1) * taps; t++) {
            energy[g] += target.at(i, s) * gram.at(s, t) * target.at(i, t);
          }
        }
      }
    }
    return energy;
  }
}
