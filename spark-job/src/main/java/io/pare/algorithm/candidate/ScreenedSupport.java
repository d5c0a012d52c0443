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
 * takes the cube of their number). Inputs are ranked by the energy that they carry alone in the
 * best fit, {@code G_jj sum_i T_ij^2}; among the most energetic the search goes on. Ties go to the
 * smaller number: deterministic. Not thread-safe.
 */
public final class ScreenedSupport {
  private final int[] ranked;
  private final int[] searched;
  private final GreedySupport greedy;

  /**
   * Ranks the inputs of a problem with a 1 x 1 kernel.
   *
   * @param most inputs that are searched, at least 1
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
    searched = first(Math.min(most, ranked.length));
    greedy = GreedySupport.of(regression.inputs(searched));
  }

  /**
   * The support of a size.
   *
   * @param size from 1 to the number of inputs
   */
  public Support support(int size) {
    if (size < 1 || size > ranked.length) {
      throw new IllegalArgumentException(
          "a support has 1 to " + ranked.length + " inputs, not " + size);
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
    double[] energy = new double[target.columns()];
    for (int i = 0; i < target.rows(); i++) {
      for (int j = 0; j < energy.length; j++) {
        energy[j] += target.at(i, j) * target.at(i, j);
      }
    }
    Matrix gram = regression.gram();
    for (int j = 0; j < energy.length; j++) {
      energy[j] *= gram.at(j, j);
    }
    return energy;
  }
}
