package io.pare.model.gradient;

import io.pare.model.NodeAttributes;
import io.pare.model.gradient.graph.GraphWriter;
import io.pare.model.gradient.graph.WindowTaps;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The gradient of a kernel: for every tap the product of the output's gradient with what that tap
 * met, summed over positions and images. One product a tap, with no copy of all that a window meets
 * side by side. Either each image has its own, and these are added, or all images are laid end to
 * end first: whichever moves fewer values, which measured faster on all but ties.
 *
 * @param window over {@code in}
 * @param groups of channels and filters that meet
 * @param weights filters, channels of a group, then one dimension for each axis of the window
 */
@SuppressWarnings("ArrayRecordComponent")
record KernelGradient(GraphWriter graph, WindowTaps window, long groups, long[] weights) {

  /**
   * Writes it.
   *
   * @param maps images, {@code groups * channels}, {@code window.in}
   * @param gradient images, filters, {@code window.out}
   */
  String of(String maps, String gradient) {
    long filters = weights[0];
    long channels = weights[1];
    int taps = window.taps();
    boolean fold =
        groups == 1 && taps * filters * channels > (filters + channels) * window.positions();
    String sum = fold ? endToEnd(maps, gradient) : byImage(maps, gradient);
    if (taps > 1) {
      sum = graph.transpose(graph.reshape(sum, filters, taps, channels), 0, 2, 1);
    }
    return graph.reshape(sum, weights);
  }

  private List<String> met(String maps) {
    return window.isPointwise() ? List.of(maps) : window.shifted(graph, maps);
  }

  /** ONNX Runtime fuses the transpose into the product. */
  private String byImage(String maps, String gradient) {
    int rank = groups == 1 ? 3 : 4;
    String rows = grouped(gradient, weights[0] / groups);
    List<String> products = new ArrayList<>();
    for (String tap : met(maps)) {
      String columns = Products.turned(graph, grouped(tap, weights[1]), rank);
      products.add(Products.matMul(graph, rows, columns));
    }
    return graph.sum(graph.concat(products, rank - 1), 0);
  }

  private String grouped(String maps, long channels) {
    return groups == 1
        ? graph.reshape(maps, -1, channels, window.positions())
        : graph.reshape(maps, -1, groups, channels, window.positions());
  }

  private String endToEnd(String maps, String gradient) {
    String rows = graph.reshape(channelsFirst(gradient), weights[0], -1);
    List<String> products = new ArrayList<>();
    for (String tap : met(channelsFirst(maps))) {
      String columns = graph.reshape(tap, weights[1], -1);
      products.add(Products.gemm(graph, rows, columns, NodeAttributes.number("transB", 1)));
    }
    return graph.concat(products, 1);
  }

  private String channelsFirst(String maps) {
    int[] order = IntStream.range(0, window.axes() + 2).toArray();
    order[0] = 1;
    order[1] = 0;
    return graph.transpose(maps, order);
  }
}
