package io.pare.job;

import io.pare.algorithm.Geometry;
import io.pare.algorithm.LayerCost;
import io.pare.algorithm.Structure;
import io.pare.model.Layer;
import java.util.Collections;
import java.util.List;

/**
 * Something that a layer can become.
 *
 * @param structures one for each group
 * @param cost of all groups
 * @param error mean over the groups of the relative post-activation error on held-out samples
 */
record LayerCandidate(List<Structure> structures, LayerCost cost, double error) {

  LayerCandidate {
    structures = List.copyOf(structures);
  }

  /** A candidate whose groups have their own structures. */
  static LayerCandidate of(Layer layer, List<Structure> structures, double error) {
    Geometry geometry = layer.geometry();
    LayerCost cost =
        structures.stream()
            .map(structure -> structure.cost(layer.shape(), geometry))
            .reduce(LayerCost.ZERO, LayerCost::plus);
    return new LayerCandidate(structures, cost, error);
  }

  /** A candidate whose groups share one structure. */
  static LayerCandidate uniform(Layer layer, Structure structure, double error) {
    return of(layer, Collections.nCopies(layer.groups(), structure), error);
  }

  /** The layer as it was. */
  static LayerCandidate keep(Layer layer) {
    return uniform(layer, Structure.keep(), 0);
  }

  /** Whether the layer stays as it was. */
  boolean isKeep() {
    return structures.get(0).isKeep();
  }

  /** The structure of the first group, for tables. */
  String label() {
    return structures.get(0).label();
  }
}
