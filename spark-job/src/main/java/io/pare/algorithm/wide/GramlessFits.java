package io.pare.algorithm.wide;

import io.pare.algorithm.fit.LayerFits;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Fits of a layer without a Gram matrix: closed forms, so that a path is judged like any structures
 * and nothing is sketched.
 */
interface GramlessFits extends LayerFits {

  /** The shape of the layer. */
  LayerShape shape();

  @Override
  default List<Judged> path(Form form, int[] steps) {
    return judged(
        Arrays.stream(steps).mapToObj(step -> Structure.of(form.at(shape(), step))).toList());
  }

  @Override
  default List<Approximation> sketches(List<Structure.Sum> structures) {
    return fits(structures);
  }

  /** Empty: there is none. */
  @Override
  default Optional<Regression> regression() {
    return Optional.empty();
  }
}
