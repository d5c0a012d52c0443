package io.pare.job;

import io.pare.algorithm.LayerCost;
import io.pare.algorithm.LayerShape;
import io.pare.io.HadoopExternalData;
import io.pare.io.HadoopFiles;
import io.pare.model.InputShape;
import io.pare.model.KeptLayer;
import io.pare.model.Layer;
import io.pare.model.NetworkLayers;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.read.ModelReader;
import io.pare.model.rewrite.BatchNormalizationFolding;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** What a network holds, as a table for people: every layer, its size and whether it can shrink. */
final class Inspection {
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;
  private static final List<String> HEADER =
      List.of(
          "#", "layer", "operator", "shape", "groups", "weights", "MACs", "activation", "remark");

  /** Columns of numbers, which are aligned to the right. */
  private static final List<Integer> NUMBERS = List.of(0, 4, 5, 6);

  private final JobConfig.Network network;

  Inspection(JobConfig.Network network) {
    this.network = network;
  }

  /**
   * Prints the table of layers.
   *
   * @throws io.pare.InputException if the network cannot be read or is invalid
   */
  void print(PrintStream out) {
    Configuration configuration = new Configuration();
    byte[] bytes = new HadoopFiles(configuration).readAll(network.model(), LARGEST_ARRAY);
    HadoopExternalData external = new HadoopExternalData(configuration, network.model());
    // Folded as before a compression: a normalisation would hide the activation behind it.
    OnnxNetwork onnx =
        BatchNormalizationFolding.fold(
            ModelReader.read(network.model(), bytes, external::readRange));
    InputShape input =
        onnx.inputShape(size(JobConfig.InputSize::height), size(JobConfig.InputSize::width));
    NetworkLayers layers = NetworkLayers.of(onnx, ShapeMeasurement.of(onnx, input));

    out.println(
        Failure.escape(network.model())
            + ": one image is "
            + input.channels()
            + " x "
            + input.height()
            + " x "
            + input.width());
    table(layers).forEach(out::println);
    LayerCost compressible =
        layers.compressible().stream().map(Layer::cost).reduce(LayerCost.ZERO, LayerCost::plus);
    out.println("compressible: " + describe(layers.compressible().size(), compressible));
    out.println(
        "all: " + describe(layers.compressible().size() + layers.kept().size(), layers.total()));
  }

  private OptionalInt size(ToIntFunction<JobConfig.InputSize> side) {
    return network.inputSize().stream().mapToInt(side).findFirst();
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
  static List<String> table(NetworkLayers layers) {
    List<Row> rows = new ArrayList<>();
    layers.compressible().forEach(layer -> rows.add(row(layer)));
    layers.kept().forEach(layer -> rows.add(row(layer)));
    rows.sort(Comparator.comparingInt(Row::index));
    List<List<String>> cells =
        Stream.concat(Stream.of(HEADER), rows.stream().map(Row::cells)).toList();
    int[] widths =
        IntStream.range(0, HEADER.size())
            .map(column -> cells.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return cells.stream().map(row -> line(row, widths)).toList();
  }

  /**
   * A line of the table.
   *
   * @param index place among all layers
   */
  private record Row(int index, List<String> cells) {}

  private static Row row(Layer layer) {
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
        layer.activation().label(),
        layer.note());
  }

  private static Row row(KeptLayer layer) {
    String reason = "kept: " + layer.reason();
    return row(layer.index(), layer.cost(), layer.name(), layer.operator(), "", "", "", reason);
  }

  private static Row row(int index, LayerCost cost, String... texts) {
    List<String> cells =
        Stream.of(texts).map(Failure::escape).collect(Collectors.toCollection(ArrayList::new));
    cells.addAll(4, List.of(count(cost.weights()), count(cost.macs())));
    cells.add(0, Integer.toString(index));
    return new Row(index, cells);
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(widths[column] - cell.length());
      line.append(NUMBERS.contains(column) ? padding + cell : cell + padding).append("  ");
    }
    return line.toString().stripTrailing();
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
