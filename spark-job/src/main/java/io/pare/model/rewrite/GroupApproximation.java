package io.pare.model.rewrite;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Kernels;
import io.pare.algorithm.structure.LayerShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The approximation of one group, arranged for writing: filters kept in full apart from the rest,
 * nothing of size zero. A kept filter is written with everything the other components add to it,
 * and they are written without it.
 *
 * @param filters kept filters, where some but not all are kept
 * @param rest the other components, with the rows of the other filters only
 * @param others the filters that {@code rest} computes, ascending
 * @param bias n values
 */
@SuppressWarnings("ArrayRecordComponent")
record GroupApproximation(
    Optional<Component.Filters> filters, List<Component> rest, int[] others, double[] bias) {

  static GroupApproximation of(LayerShape shape, Approximation approximation) {
    List<Component> rest = new ArrayList<>();
    List<Component.Filters> kept = new ArrayList<>();
    for (Component component : approximation.components()) {
      if (component.weights() > 0) {
        if (component instanceof Component.Filters filters) {
          kept.add(filters);
        } else {
          rest.add(component);
        }
      }
    }
    int[] all = IntStream.range(0, shape.outputs()).toArray();
    if (kept.isEmpty()) {
      if (rest.isEmpty()) {
        throw new IllegalArgumentException("an approximation without weights cannot be written");
      }
      return new GroupApproximation(Optional.empty(), rest, all, approximation.bias());
    }
    if (kept.size() > 1) {
      throw new IllegalArgumentException("an approximation keeps its filters in one component");
    }
    Component.Filters whole = complete(shape, kept.get(0), rest);
    int[] rows = whole.filters();
    int[] others = Arrays.stream(all).filter(o -> Arrays.binarySearch(rows, o) < 0).toArray();
    if (others.length == 0) {
      return new GroupApproximation(
          Optional.empty(),
          List.of(new Component.Dense(whole.kernel())),
          all,
          approximation.bias());
    }
    List<Component> restricted = rest.stream().map(c -> withRows(c, others)).toList();
    return new GroupApproximation(Optional.of(whole), restricted, others, approximation.bias());
  }

  /** Kept filters and what the other components add to them. */
  private static Component.Filters complete(
      LayerShape shape, Component.Filters filters, List<Component> rest) {
    int[] rows = filters.filters();
    LayerShape part =
        new LayerShape(
            rows.length, shape.inputChannels(), shape.kernelHeight(), shape.kernelWidth());
    Matrix sum = filters.kernel().copy();
    for (Component component : rest) {
      double[] more = Kernels.of(part, withRows(component, rows)).values();
      for (int i = 0; i < more.length; i++) {
        sum.values()[i] += more[i];
      }
    }
    return new Component.Filters(rows, sum);
  }

  /** A component that computes these filters only. */
  private static Component withRows(Component component, int[] rows) {
    if (component instanceof Component.ChannelFactors part) {
      return new Component.ChannelFactors(part.first(), rows(part.second(), rows));
    }
    if (component instanceof Component.SpatialFactors part) {
      return new Component.SpatialFactors(part.vertical(), rows(part.horizontal(), rows));
    }
    if (component instanceof Component.TuckerFactors part) {
      return new Component.TuckerFactors(part.input(), part.core(), rows(part.output(), rows));
    }
    if (component instanceof Component.ChainFactors part) {
      return new Component.ChainFactors(
          part.vertical(), part.horizontal(), rows(part.output(), rows));
    }
    if (component instanceof Component.InputChannels part) {
      return new Component.InputChannels(part.channels(), rows(part.kernel(), rows));
    }
    if (component instanceof Component.Dense part) {
      return new Component.Dense(rows(part.kernel(), rows));
    }
    throw new IllegalArgumentException("kept filters are not restricted: " + component);
  }

  private static Matrix rows(Matrix matrix, int[] rows) {
    Matrix chosen = Matrix.zeros(rows.length, matrix.columns());
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(
          matrix.values(),
          rows[i] * matrix.columns(),
          chosen.values(),
          i * matrix.columns(),
          matrix.columns());
    }
    return chosen;
  }

  /** The bias of some filters. */
  double[] bias(int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> bias[row]).toArray();
  }

  /** Equal for groups that can be written as one grouped convolution. */
  List<Object> structure() {
    List<Object> structure = new ArrayList<>();
    structure.add(filters.map(f -> f.filters().length).orElse(0));
    for (Component component : rest) {
      structure.add(component.getClass());
      if (component instanceof Component.ChannelFactors part) {
        structure.add(part.first().rows());
      } else if (component instanceof Component.SpatialFactors part) {
        structure.add(part.vertical().rows());
      } else if (component instanceof Component.TuckerFactors part) {
        structure.add(List.of(part.input().rows(), part.core().rows()));
      } else if (component instanceof Component.ChainFactors part) {
        structure.add(List.of(part.vertical().rows(), part.horizontal().rows()));
      } else if (component instanceof Component.InputChannels part) {
        structure.add(part.channels().length);
      }
    }
    return structure;
  }
}
