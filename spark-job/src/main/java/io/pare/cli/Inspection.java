package io.pare.cli;

import io.pare.PlainLine;
import io.pare.algorithm.structure.LayerCost;
import io.pare.algorithm.structure.LayerShape;
import io.pare.config.JobConfig;
import io.pare.model.KeptLayer;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.report.TextTable;
import io.pare.run.input.ReadNetwork;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a network holds, as a table for people: every layer, its size and what it can become. */
final class Inspection {
  private static final List<String> HEADER =
      List.of(
          "#",
          "layer",
          "operator",
          "shape",
          "groups",
          "weights",
          "MACs",
          "activation",
          "becomes",
          "remark");

  /** Columns of numbers, which are aligned to the right. */
  private static final Set<Integer> NUMBERS = Set.of(0, 4, 5, 6);

  private final JobConfig.Network network;
  private final Paint paint;

  Inspection(JobConfig.Network network, Paint paint) {
    this.network = network;
    this.paint = paint;
  }

  /**
   * Prints the table of layers.
   *
   * @throws io.pare.InputException if the network cannot be read or is invalid, or, behind the
   *     table, if no compression could be judged
   */
  void print(PrintStream out) {
    ReadNetwork read = ReadNetwork.of(network);
    NetworkLayers layers = read.layers();
    out.println(
        paint.bold(PlainLine.of(network.model()))
            + ": one image is "
            + read.input().channels()
            + " x "
            + read.input().height()
            + " x "
            + read.input().width());
    LayerForms forms = new LayerForms();
    print(layers, forms, out);
    forms.lines().forEach(line -> out.println("becomes " + line));
    out.println(
        "outputs that are compared: "
            + (read.outputs().each().isEmpty()
                ? "none, for none holds floats with a part for each image"
                : PlainLine.of(read.outputs().toString())));
    LayerCost compressible =
        layers.compressible().stream().map(Layer::cost).reduce(LayerCost.ZERO, LayerCost::plus);
    out.println(
        paint.green("compressible: ") + describe(layers.compressible().size(), compressible));
    out.println(
        "all: " + describe(layers.compressible().size() + layers.kept().size(), layers.total()));
    read.comparable();
  }

  /** The header bold, the layers that stay as they are in the background. */
  private void print(NetworkLayers layers, LayerForms forms, PrintStream out) {
    List<String> lines = table(layers, forms);
    Set<Integer> kept = layers.kept().stream().map(KeptLayer::index).collect(Collectors.toSet());
    List<Integer> indices =
        Stream.concat(
                layers.compressible().stream().map(Layer::index),
                layers.kept().stream().map(KeptLayer::index))
            .sorted()
            .toList();
    out.println(paint.bold(lines.get(0)));
    for (int k = 1; k < lines.size(); k++) {
      String line = lines.get(k);
      out.println(kept.contains(indices.get(k - 1)) ? paint.faint(line) : line);
    }
  }

  private static String describe(int layers, LayerCost cost) {
    return layers
        + " layers, "
        + count(cost.weights())
        + " weights, "
        + count(cost.macs())
        + " MACs";
  }

  /** The lines of the table, the header first. */
  private static List<String> table(NetworkLayers layers, LayerForms forms) {
    List<Row> rows = new ArrayList<>();
    layers.compressible().forEach(layer -> rows.add(row(layer, forms)));
    layers.kept().forEach(layer -> rows.add(row(layer)));
    rows.sort(Comparator.comparingInt(Row::index));
    TextTable table = new TextTable(HEADER, NUMBERS);
    rows.forEach(row -> table.add(row.cells()));
    return table.lines();
  }

  /**
   * A line of the table.
   *
   * @param index place among all layers
   */
  private record Row(int index, List<String> cells) {}

  private static Row row(Layer layer, LayerForms forms) {
    LayerShape shape = layer.shape();
    String sizes =
        Stream.of(
                shape.outputs() * layer.groups(),
                shape.inputChannels(),
                shape.kernelHeight(),
                shape.kernelWidth())
            .map(String::valueOf)
            .collect(Collectors.joining(" x "));
    return row(
        layer.index(),
        layer.cost(),
        layer.name(),
        layer.operator().onnx(),
        sizes,
        Integer.toString(layer.groups()),
        layer.follows(),
        forms.letter(layer),
        layer.note());
  }

  private static Row row(KeptLayer layer) {
    String reason = "kept: " + layer.reason();
    return row(layer.index(), layer.cost(), layer.name(), layer.operator(), "", "", "", "", reason);
  }

  private static Row row(int index, LayerCost cost, String... texts) {
    List<String> cells =
        Stream.of(texts).map(PlainLine::of).collect(Collectors.toCollection(ArrayList::new));
    cells.addAll(4, List.of(count(cost.weights()), count(cost.macs())));
    cells.add(0, Integer.toString(index));
    return new Row(index, cells);
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
