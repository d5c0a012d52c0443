package io.pare.plan;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerCost;
import io.pare.algorithm.structure.LowRank;
import io.pare.algorithm.structure.Structure;
import io.pare.model.Layer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Something that a layer can become.
 *
 * @param family where it was found; empty for the layer as it was
 * @param structures one for each group
 * @param cost of all groups
 * @param error mean over the groups of the relative post-activation error on held-out samples
 */
public record LayerCandidate(
    Optional<Family> family, List<Structure> structures, LayerCost cost, double error) {

  /** Copies the list. */
  public LayerCandidate {
    structures = List.copyOf(structures);
  }

  /** A candidate whose groups have their own structures. */
  static LayerCandidate of(Layer layer, Family family, List<Structure> structures, double error) {
    return new LayerCandidate(
        Optional.of(family), structures, cost(layer, structures, new int[0]), error);
  }

  /** A candidate whose groups share one structure. */
  static LayerCandidate uniform(Layer layer, Family family, Structure structure, double error) {
    return of(layer, family, Collections.nCopies(layer.groups(), structure), error);
  }

  /** The layer as it was. */
  static LayerCandidate keep(Layer layer) {
    return new LayerCandidate(
        Optional.empty(), Collections.nCopies(layer.groups(), Structure.keep()), layer.cost(), 0);
  }

  /** Whether the layer stays as it was. */
  public boolean isKeep() {
    return structures.get(0).isKeep();
  }

  /** Whether it is a step on the path of a low-rank form. */
  boolean isOnPath() {
    return family.flatMap(Family::form).isPresent();
  }

  /** The step on the path of its form. */
  int step() {
    int[] ranks = lowRank().ranks();
    return ranks[ranks.length - 1];
  }

  /** The same with the channels between factors in multiples, as far as the layer allows. */
  LayerCandidate widened(Layer layer, int multiple) {
    Structure structure = Structure.of(lowRank().widened(multiple, layer.shape()));
    return uniform(layer, family.orElseThrow(), structure, error);
  }

  private LowRank lowRank() {
    return ((Structure.Sum) structures.get(0)).lowRank();
  }

  /** Whether both components are there. */
  public boolean isMixed() {
    return structures.get(0) instanceof Structure.Sum sum && sum.isMixed();
  }

  /** The structure of the first group, for tables. */
  public String label() {
    return structures.get(0).label();
  }

  /**
   * The cost without some filters.
   *
   * @param unread filters that nobody reads, ascending, counted over all groups
   */
  LayerCost costWithout(Layer layer, int[] unread) {
    return unread.length == 0 ? cost : cost(layer, structures, unread);
  }

  /** Whether the layer reads only some of its input channels. */
  boolean dropsChannels() {
    return structures.stream()
        .allMatch(s -> s instanceof Structure.Sum sum && sum.readsOnlySupport());
  }

  /** The input channels that it reads, ascending, counted over all groups. */
  int[] channels(Layer layer) {
    int perGroup = layer.shape().inputChannels();
    if (!dropsChannels()) {
      return IntStream.range(0, perGroup * layer.groups()).toArray();
    }
    return IntStream.range(0, structures.size())
        .flatMap(
            group ->
                Arrays.stream(((Structure.Sum) structures.get(group)).support().indices())
                    .map(channel -> group * perGroup + channel))
        .toArray();
  }

  private static LayerCost cost(Layer layer, List<Structure> structures, int[] unread) {
    Geometry geometry = layer.geometry();
    int perGroup = layer.shape().outputs();
    LayerCost cost = LayerCost.ZERO;
    for (int group = 0; group < structures.size(); group++) {
      int first = group * perGroup;
      int[] rows =
          Arrays.stream(unread)
              .filter(filter -> filter >= first && filter < first + perGroup)
              .map(filter -> filter - first)
              .toArray();
      cost = cost.plus(structures.get(group).costWithout(rows, layer.shape(), geometry));
    }
    return cost;
  }
}
