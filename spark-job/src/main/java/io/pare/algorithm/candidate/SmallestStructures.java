package io.pare.algorithm.candidate;

import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Support;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Structures below which no candidate of a family comes, known from shapes alone: what nothing that
 * is computed later can undercut. Stateless.
 */
public final class SmallestStructures {
  private SmallestStructures() {}

  /**
   * The smallest structures of a family: each candidate costs at least as much as one of them, in
   * weights and in arithmetic, and reads at least as many input channels.
   *
   * @param shape of one group
   * @param groups of the convolution
   * @return none where the family does not apply
   */
  public static List<Structure.Sum> of(Family family, LayerShape shape, int groups) {
    if (!family.applies(shape, groups)) {
      return List.of();
    }
    return switch (family) {
      case LOW_RANK_CHANNEL, LOW_RANK_SPATIAL, TUCKER, CHAIN ->
          Arrays.stream(family.form().orElseThrow().steps(shape))
              .limit(1)
              .mapToObj(step -> Structure.of(family.form().get().at(shape, step)))
              .toList();
      case KEPT_INPUTS -> List.of(inputs(InputSupports.fewest(shape)));
      case CHANNEL_KEPT_INPUTS -> List.of(Structure.of(new LowRank(Form.CHANNEL, 1)));
      case SPATIAL_KEPT_INPUTS -> List.of(Structure.of(new LowRank(Form.SPATIAL, 1)));
      case ADMM_KEPT_INPUTS, ADMM_KEPT_FILTERS -> sums(shape);
    };
  }

  /** What a sum of a low-rank form with inputs or filters may shrink to, by whatever path. */
  private static List<Structure.Sum> sums(LayerShape shape) {
    List<Structure.Sum> smallest = new ArrayList<>();
    smallest.add(inputs(1));
    smallest.add(Structure.of(new Support(Support.Kind.FILTERS, new int[] {0})));
    for (Form form : Form.values()) {
      if (form.applies(shape)) {
        smallest.add(Structure.of(form.at(shape, 1)));
      }
    }
    return smallest;
  }

  private static Structure.Sum inputs(int channels) {
    return Structure.of(new Support(Support.Kind.INPUTS, IntStream.range(0, channels).toArray()));
  }
}
