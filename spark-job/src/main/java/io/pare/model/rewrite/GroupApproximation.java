package io.pare.model.rewrite;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LayerShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The approximation of one group, arranged for writing: filters kept in full apart from the rest,
 * nothing of size zero, low-rank factors of one scale. A kept filter is written with everything the
 * other components add to it, and they are written without it.
 *
 * @param filters kept filters, where some but not all are kept
 * @param rest the other components, with the rows of the other filters only
 * @param others the filters that {@code rest} computes, ascending
 * @param bias n values
 */
@SuppressWarnings("ArrayRecordComponent")
record GroupApproximation(
    Optional<Component.KeptFilters> filters, List<Component> rest, int[] others, double[] bias) {

  static GroupApproximation of(LayerShape shape, Approximation approximation) {
    List<Component> rest = new ArrayList<>();
    List<Component.KeptFilters> kept = new ArrayList<>();
    for (Component component : approximation.components()) {
      if (component.weights() > 0) {
        if (component instanceof Component.KeptFilters filters) {
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
      List<Component> balanced = rest.stream().map(Component::balanced).toList();
      return new GroupApproximation(Optional.empty(), balanced, all, approximation.bias());
    }
    if (kept.size() > 1) {
      throw new IllegalArgumentException("an approximation keeps its filters in one component");
    }
    Component.KeptFilters whole = complete(shape, kept.get(0), rest);
    int[] rows = whole.filters();
    int[] others = Arrays.stream(all).filter(o -> Arrays.binarySearch(rows, o) < 0).toArray();
    if (others.length == 0) {
      return new GroupApproximation(
          Optional.empty(),
          List.of(new Component.Dense(whole.kernel())),
          all,
          approximation.bias());
    }
    List<Component> restricted = rest.stream().map(c -> c.outputs(others).balanced()).toList();
    return new GroupApproximation(Optional.of(whole), restricted, others, approximation.bias());
  }

  /** Kept filters and what the other components add to them. */
  private static Component.KeptFilters complete(
      LayerShape shape, Component.KeptFilters filters, List<Component> rest) {
    int[] rows = filters.filters();
    LayerShape part =
        new LayerShape(
            rows.length, shape.inputChannels(), shape.kernelHeight(), shape.kernelWidth());
    Matrix sum = filters.kernel().copy();
    for (Component component : rest) {
      double[] more = component.outputs(rows).matrix(part).values();
      for (int i = 0; i < more.length; i++) {
        sum.values()[i] += more[i];
      }
    }
    return new Component.KeptFilters(rows, sum);
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
      structure.add(component.inputs().length);
      component.factors().forEach(factor -> structure.add(List.of(factor.taps(), factor.rank())));
    }
    return structure;
  }
}
