package io.pare.model.gradient;

import io.pare.model.NodeAttributes;
import io.pare.model.gradient.graph.GraphWriter;
import io.pare.model.gradient.graph.WindowTaps;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The gradient of a kernel: for every tap the product of the output's gradient with what that tap
 * met, summed over positions and images. Either each image has its own products, and these are
 * added, or all images are laid end to end first. What each tap met is cut out of the maps, or maps
 * and gradient are moved against each other; of very few channels all taps are stacked, for one
 * product. Each choice is the one that copies and computes less, which measured faster on all but
 * ties (algorithm.md section 10).
 *
 * @param window over {@code in}
 * @param groups of channels and filters that meet
 * @param weights filters, channels of a group, then one dimension for each axis of the window
 */
@SuppressWarnings("ArrayRecordComponent")
record KernelGradient(GraphWriter graph, WindowTaps window, long groups, long[] weights) {
  /** Products of fewer columns leave most of a register idle. */
  private static final int FEW_CHANNELS = 4;

  /** What meets in a product: maps and the gradient at the same positions. */
  private record Pair(String maps, String gradient, long positions) {}

  /**
   * Writes it.
   *
   * @param maps images, {@code groups * channels}, {@code window.in}
   * @param gradient images, filters, {@code window.out}
   */
  String of(String maps, String gradient) {
    long filters = weights[0];
    long channels = weights[1];
    long perImage = window.taps() * filters * channels;
    boolean small = 2 * perImage > (filters + channels) * window.positions();
    boolean strided = !window.isDense() && !stacked();
    boolean endToEnd = groups == 1 && (small || strided);
    return endToEnd ? endToEnd(maps, gradient) : byImage(maps, gradient);
  }

  private long filtersOfGroup() {
    return weights[0] / groups;
  }

  private boolean stacked() {
    return window.taps() > 1 && groups == 1 && weights[1] <= FEW_CHANNELS;
  }

  private boolean movesBoth() {
    long[] kernel = window.kernel();
    long columns = kernel[kernel.length - 1];
    long rows = window.taps() / columns;
    long cut = (window.taps() + 1) * weights[1];
    return window.canMove() && columns * weights[1] + rows * filtersOfGroup() < cut;
  }

  private String byImage(String maps, String gradient) {
    int rank = groups == 1 ? 3 : 4;
    // The factor with more rows is read as it lies, the other one is copied for each product.
    boolean gradientFirst = filtersOfGroup() > weights[1];
    if (stacked()) {
      String taps = graph.concat(window.shifted(graph, maps, 2), 1);
      String columns = grouped(taps, window.taps() * weights[1], window.positions());
      String rows = grouped(gradient, weights[0], window.positions());
      return inOrder(graph.sum(timesTurned(rows, columns, rank), 0), true);
    }
    List<String> products = new ArrayList<>();
    for (Pair pair : movesBoth() ? moved(maps, gradient) : cut(maps, gradient)) {
      String columns = grouped(pair.maps(), weights[1], pair.positions());
      String rows = grouped(pair.gradient(), filtersOfGroup(), pair.positions());
      products.add(
          gradientFirst ? timesTurned(rows, columns, rank) : timesTurned(columns, rows, rank));
    }
    int along = gradientFirst ? rank - 1 : rank - 2;
    return inOrder(graph.sum(graph.concat(products, along), 0), gradientFirst);
  }

  /** ONNX Runtime fuses the transpose into the product. */
  private String timesTurned(String left, String right, int rank) {
    return Products.matMul(graph, left, Products.turned(graph, right, rank));
  }

  private String grouped(String maps, long channels, long positions) {
    return groups == 1
        ? graph.reshape(maps, -1, channels, positions)
        : graph.reshape(maps, -1, groups, channels, positions);
  }

  private String endToEnd(String maps, String gradient) {
    String rows = graph.reshape(imagesLast(gradient), weights[0], -1);
    List<String> taps = met(imagesLast(maps), 1);
    if (stacked()) {
      String columns = graph.reshape(graph.concat(taps, 0), window.taps() * weights[1], -1);
      return inOrder(gemmTurned(rows, columns), true);
    }
    boolean gradientFirst = weights[0] >= weights[1];
    List<String> products = new ArrayList<>();
    for (String tap : taps) {
      String columns = graph.reshape(tap, weights[1], -1);
      products.add(gradientFirst ? gemmTurned(rows, columns) : gemmTurned(columns, rows));
    }
    return inOrder(graph.concat(products, gradientFirst ? 1 : 0), gradientFirst);
  }

  private String gemmTurned(String left, String right) {
    return Products.gemm(graph, left, right, NodeAttributes.number("transB", 1));
  }

  private List<String> met(String maps, int firstAxis) {
    return window.isPointwise() ? List.of(maps) : window.shifted(graph, maps, firstAxis);
  }

  private List<Pair> cut(String maps, String gradient) {
    return met(maps, 2).stream().map(tap -> new Pair(tap, gradient, window.positions())).toList();
  }

  /**
   * Maps moved along the last axis, the gradient along the others, between zeros: fewer copies than
   * a cut for each tap.
   */
  private List<Pair> moved(String maps, String gradient) {
    List<String> columns = window.movedAlongLast(graph, maps);
    List<Pair> pairs = new ArrayList<>();
    for (String rows : window.movedAlongOthers(graph, gradient)) {
      columns.forEach(column -> pairs.add(new Pair(column, rows, window.movedPositions())));
    }
    return pairs;
  }

  /**
   * From filters x taps x channels, or the same with the filters of each group last, to the
   * kernel's order: matrices are turned, which is fast, and no axes exchanged across others.
   */
  private String inOrder(String sum, boolean filtersFirst) {
    long channels = weights[1];
    long taps = window.taps();
    String rows =
        filtersFirst
            ? sum
            : graph.transpose(
                graph.reshape(sum, groups, taps * channels, filtersOfGroup()), 0, 2, 1);
    if (taps > 1) {
      rows = graph.transpose(graph.reshape(rows, weights[0], taps, channels), 0, 2, 1);
    }
    return graph.reshape(rows, weights);
  }

  /** Channels, axes of the window, images: what is cut out of that are runs of values. */
  private String imagesLast(String maps) {
    int axes = window.axes() + 2;
    return graph.transpose(maps, IntStream.range(0, axes).map(a -> (a + 1) % axes).toArray());
  }
}
