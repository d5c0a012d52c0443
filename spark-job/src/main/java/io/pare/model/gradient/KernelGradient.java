package io.pare.model.gradient;

import java.util.ArrayList;
import java.util.List;

/**
 * The gradient of a kernel: for every tap the product of the output's gradient with what that tap
 * met, summed over positions and images. One matrix product an image and tap, into which ONNX
 * Runtime fuses the transpose: measured faster than one for all taps, which must first be laid side
 * by side.
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
    long channels = weights[1];
    long filters = weights[0] / groups;
    int taps = window.taps();
    List<String> met = window.isPointwise() ? List.of(maps) : window.shifted(graph, maps);
    int rank = groups == 1 ? 3 : 4;
    String rows = grouped(gradient, filters);
    List<String> products = new ArrayList<>();
    for (String tap : met) {
      String columns = Products.turned(graph, grouped(tap, channels), rank);
      products.add(Products.matMul(graph, rows, columns));
    }
    String sum = graph.sum(graph.concat(products, rank - 1), 0);
    if (taps > 1) {
      sum = graph.transpose(graph.reshape(sum, groups * filters, taps, channels), 0, 2, 1);
    }
    return graph.reshape(sum, weights);
  }

  private String grouped(String maps, long channels) {
    return groups == 1
        ? graph.reshape(maps, -1, channels, window.positions())
        : graph.reshape(maps, -1, groups, channels, window.positions());
  }
}
