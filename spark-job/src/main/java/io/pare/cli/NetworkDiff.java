package io.pare.cli;

import io.pare.PlainLine;
import io.pare.algorithm.structure.LayerCost;
import io.pare.model.KeptLayer;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.report.TextTable;
import io.pare.run.input.ReadNetwork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What differs between the layers of two networks. Layers of one name belong together, and to a
 * layer belong the factors that a compression wrote in its place, whose names start with its own.
 */
final class NetworkDiff {
  /** What a compression puts behind a layer's name. */
  private static final String WRITTEN = "/pare/";

  private final ReadNetwork first;
  private final ReadNetwork second;

  NetworkDiff(ReadNetwork first, ReadNetwork second) {
    this.first = first;
    this.second = second;
  }

  /**
   * The nodes of one layer in one network.
   *
   * @param operators one for each node
   * @param cost of all of them
   */
  private record Side(List<String> operators, LayerCost cost) {
    static final Side NOTHING = new Side(List.of(), LayerCost.ZERO);

    Side plus(String operator, LayerCost more) {
      List<String> all = new ArrayList<>(operators);
      all.add(operator);
      return new Side(List.copyOf(all), cost.plus(more));
    }
  }

  /** The comparison as lines for a terminal. */
  List<String> lines() {
    TextTable table = new TextTable(List.of("", "A", "B", "ratio"), Set.of(1, 2, 3));
    table.add(
        totals("weights", first.layers().total().weights(), second.layers().total().weights()));
    table.add(totals("MACs", first.layers().total().macs(), second.layers().total().macs()));
    table.add(totals("bytes", first.fileBytes(), second.fileBytes()));
    List<String> lines = new ArrayList<>();
    lines.add("A: " + PlainLine.of(first.path()));
    lines.add("B: " + PlainLine.of(second.path()));
    lines.addAll(table.lines());
    lines.add("");
    lines.addAll(layers());
    return lines;
  }

  private static List<String> totals(String name, long a, long b) {
    return List.of(
        name,
        count(a),
        count(b),
        b == 0 ? "" : String.format(Locale.ROOT, "%.2fx", (double) a / b));
  }

  private List<String> layers() {
    Map<String, Side> ours = sides(first.layers());
    Map<String, Side> theirs = sides(second.layers());
    Map<String, Side> all = new LinkedHashMap<>(ours);
    theirs.forEach(all::putIfAbsent);
    TextTable table =
        new TextTable(
            List.of("layer", "A", "B", "weights A", "weights B", "MACs A", "MACs B"),
            Set.of(3, 4, 5, 6));
    int same = 0;
    for (String name : all.keySet()) {
      Side a = ours.getOrDefault(name, Side.NOTHING);
      Side b = theirs.getOrDefault(name, Side.NOTHING);
      if (a.equals(b)) {
        same++;
      } else {
        table.add(row(name, a, b));
      }
    }
    List<String> lines = new ArrayList<>();
    if (same < all.size()) {
      lines.addAll(table.lines());
    }
    lines.add(
        "%d of %d layers differ in structure or size".formatted(all.size() - same, all.size()));
    return lines;
  }

  private static List<String> row(String name, Side a, Side b) {
    return List.of(
        PlainLine.of(name),
        operators(a),
        operators(b),
        figure(a, LayerCost::weights),
        figure(b, LayerCost::weights),
        figure(a, LayerCost::macs),
        figure(b, LayerCost::macs));
  }

  private static String operators(Side side) {
    return side.operators().isEmpty() ? "-" : PlainLine.of(String.join(" + ", side.operators()));
  }

  private static String figure(Side side, ToLongFunction<LayerCost> figure) {
    return side.operators().isEmpty() ? "-" : count(figure.applyAsLong(side.cost()));
  }

  private static Map<String, Side> sides(NetworkLayers layers) {
    record Node(String name, String operator, LayerCost cost) {}
    Map<Integer, Node> byIndex = new TreeMap<>();
    for (Layer layer : layers.compressible()) {
      byIndex.put(layer.index(), new Node(layer.name(), layer.operator().onnx(), layer.cost()));
    }
    for (KeptLayer layer : layers.kept()) {
      byIndex.put(layer.index(), new Node(layer.name(), layer.operator(), layer.cost()));
    }
    Map<String, Side> sides = new LinkedHashMap<>();
    for (Node node : byIndex.values()) {
      int end = node.name().lastIndexOf(WRITTEN);
      String layer = end > 0 ? node.name().substring(0, end) : node.name();
      sides.merge(
          layer,
          Side.NOTHING.plus(node.operator(), node.cost()),
          (before, unused) -> before.plus(node.operator(), node.cost()));
    }
    return sides;
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
