package io.pare.algorithm.structure;

import io.pare.algorithm.dense.DenseAlgebra;
import io.pare.algorithm.dense.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What replaces one group of a layer: the sum of its components plus a bias.
 *
 * @param components at least one summand, all of one {@link LayerShape}
 * @param bias n entries
 */
@SuppressWarnings("ArrayRecordComponent")
public record Approximation(List<Component> components, double[] bias) {

  public Approximation {
    components = List.copyOf(components);
    if (components.isEmpty()) {
      throw new IllegalArgumentException("an approximation needs at least one component");
    }
  }

  /** M = sum of the components, n x d in the column order of {@link LayerShape}. */
  public Matrix matrix(LayerShape shape) {
    Matrix sum = components.get(0).matrix(shape);
    for (Component component : components.subList(1, components.size())) {
      sum = DenseAlgebra.combine(sum, component.matrix(shape), 1);
    }
    return sum;
  }

  /** Number of weights written, bias not counted. */
  public long weights() {
    return components.stream().mapToLong(Component::weights).sum();
  }

  /**
   * What the sum costs as it is written. Filters kept in full are left out of the other summands:
   * their last factor has n - |filters| rows, unless nothing but kept filters is there.
   */
  public LayerCost cost(LayerShape shape, Geometry geometry) {
    LayerCost sum = LayerCost.ZERO;
    int[] kept = {};
    for (Component component : components) {
      if (component instanceof Component.KeptFilters filters) {
        kept = IntStream.concat(Arrays.stream(kept), Arrays.stream(filters.filters())).toArray();
        sum = sum.plus(component.cost(geometry));
      }
    }
    if (kept.length == shape.outputs()) {
      return sum;
    }
    int[] sorted = Arrays.stream(kept).sorted().toArray();
    int[] others =
        IntStream.range(0, shape.outputs())
            .filter(row -> Arrays.binarySearch(sorted, row) < 0)
            .toArray();
    for (Component component : components) {
      if (!(component instanceof Component.KeptFilters)) {
        Component written =
            others.length == shape.outputs() ? component : component.outputs(others);
        sum = sum.plus(written.cost(geometry));
      }
    }
    return sum;
  }
}
