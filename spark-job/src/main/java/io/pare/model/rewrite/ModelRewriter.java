package io.pare.model.rewrite;

import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LayerShape;
import io.pare.model.Layer;
import io.pare.model.LayerNodes;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a compressed network (algorithm.md, section 6): each replaced layer becomes the sum of its
 * components in standard operators, its bias added once, and everything else stays as it was. The
 * activation that follows reads the same tensor as before. Weights no longer read are removed.
 *
 * <p>Groups of equal structure become grouped convolutions; others are split, written one by one
 * and concatenated. Filters kept in full are computed beside the factors of the other filters and
 * put in order by a Gather. The same arguments give the same bytes. Stateless.
 */
public final class ModelRewriter {
  /** Every metadata key that Pare writes starts so. */
  public static final String METADATA_PREFIX = "pare.";

  private ModelRewriter() {}

  /**
   * Replaces layers.
   *
   * @param network in which the layers were found
   * @param replacements at most one for each layer
   * @param metadata entries for {@code metadata_props}; keys start with {@link #METADATA_PREFIX}
   * @throws IllegalArgumentException for a layer that is not in the network or is replaced twice,
   *     for an approximation without weights, or another metadata key
   */
  public static OnnxNetwork rewrite(
      OnnxNetwork network, List<Replacement> replacements, Map<String, String> metadata) {
    for (String key : metadata.keySet()) {
      if (!key.startsWith(METADATA_PREFIX)) {
        throw new IllegalArgumentException("metadata key without " + METADATA_PREFIX + ": " + key);
      }
    }
    GraphEdit edit = new GraphEdit(network);
    for (Replacement replacement : replacements) {
      replace(edit, replacement);
    }
    return edit.apply(metadata);
  }

  private static void replace(GraphEdit edit, Replacement replacement) {
    Layer layer = replacement.layer();
    LayerNodes old = LayerNodes.of(edit.network(), layer);
    if (edit.isReplaced(old.main())) {
      throw new IllegalArgumentException("layer " + layer.name() + " is replaced twice");
    }
    List<GroupApproximation> groups =
        replacement.groups().stream()
            .map(group -> GroupApproximation.of(layer.shape(), group))
            .toList();
    OperatorWriter writer = new OperatorWriter(edit, layer);
    if (groups.stream().map(GroupApproximation::structure).distinct().count() == 1) {
      write(writer, layer.shape(), layer.input(), groups);
    } else {
      List<String> inputs =
          writer.split(layer.input(), groups.size(), layer.shape().inputChannels());
      List<String> outputs = new ArrayList<>();
      for (int g = 0; g < groups.size(); g++) {
        outputs.add(write(writer, layer.shape(), inputs.get(g), List.of(groups.get(g))));
      }
      writer.concat(outputs);
    }
    List<Onnx.NodeProto> written = writer.finish(layer.output());
    put(edit, old, written);
    for (LayerNodes sharer : LayerNodes.sharers(edit.network(), layer)) {
      put(edit, sharer, again(edit, layer, sharer, written));
    }
  }

  private static void put(GraphEdit edit, LayerNodes old, List<Onnx.NodeProto> written) {
    old.biasAdd().ifPresent(add -> edit.replace(old.main(), List.of()));
    edit.replace(old.biasAdd().orElse(old.main()), written);
  }

  /** The same nodes with the same constants for another input. */
  private static List<Onnx.NodeProto> again(
      GraphEdit edit, Layer layer, LayerNodes sharer, List<Onnx.NodeProto> written) {
    Map<String, String> names = new HashMap<>();
    names.put(layer.input(), sharer.main().getInput(0));
    names.put(layer.output(), sharer.output());
    List<Onnx.NodeProto> nodes = new ArrayList<>();
    for (Onnx.NodeProto node : written) {
      Onnx.NodeProto.Builder copy =
          node.toBuilder().setName(edit.fresh(node.getName())).clearInput().clearOutput();
      node.getInputList().forEach(input -> copy.addInput(names.getOrDefault(input, input)));
      for (String output : node.getOutputList()) {
        copy.addOutput(names.computeIfAbsent(output, edit::fresh));
      }
      nodes.add(copy.build());
    }
    return nodes;
  }

  /** Writes groups of equal structure side by side. */
  private static String write(
      OperatorWriter writer, LayerShape shape, String input, List<GroupApproximation> groups) {
    if (groups.get(0).filters().isEmpty()) {
      return sum(writer, shape, input, groups);
    }
    List<Component.KeptFilters> kept =
        groups.stream().map(GroupApproximation::filters).map(Optional::orElseThrow).toList();
    WrittenFactor factor = WrittenComponent.of(shape, writer.convolution(), kept).factors().get(0);
    if (groups.get(0).rest().isEmpty()) {
      return keptAlone(writer, shape, writer.factor(input, factor, zeros(factor)), groups);
    }
    double[] bias =
        concat(groups.stream().map(g -> g.bias(g.filters().orElseThrow().filters())).toList());
    String full = writer.factor(input, factor, bias);
    String rest = sum(writer, shape, input, groups);
    return writer.gather(writer.concat(List.of(full, rest)), order(shape, groups));
  }

  /** Where each filter is once the kept filters and the others have been concatenated. */
  private static int[] order(LayerShape shape, List<GroupApproximation> groups) {
    int[] order = new int[groups.size() * shape.outputs()];
    int kept = groups.get(0).filters().orElseThrow().filters().length;
    int others = shape.outputs() - kept;
    for (int g = 0; g < groups.size(); g++) {
      int first = g * shape.outputs();
      int[] filters = groups.get(g).filters().orElseThrow().filters();
      for (int i = 0; i < kept; i++) {
        order[first + filters[i]] = g * kept + i;
      }
      for (int i = 0; i < others; i++) {
        order[first + groups.get(g).others()[i]] = groups.size() * kept + g * others + i;
      }
    }
    return order;
  }

  /** Nothing but kept filters: the others are their bias, whatever the input. */
  private static String keptAlone(
      OperatorWriter writer, LayerShape shape, String full, List<GroupApproximation> groups) {
    int[] source = new int[groups.size() * shape.outputs()];
    double[] mask = new double[source.length];
    for (int g = 0; g < groups.size(); g++) {
      int[] filters = groups.get(g).filters().orElseThrow().filters();
      for (int i = 0; i < filters.length; i++) {
        source[g * shape.outputs() + filters[i]] = g * filters.length + i;
        mask[g * shape.outputs() + filters[i]] = 1;
      }
    }
    String spread = writer.multiply(writer.gather(full, source), writer.vector("mask", mask));
    double[] bias = concat(groups.stream().map(GroupApproximation::bias).toList());
    return writer.add(spread, writer.vector("bias", bias));
  }

  /** The components that are not kept filters, added up; the bias is in the first of them. */
  private static String sum(
      OperatorWriter writer, LayerShape shape, String input, List<GroupApproximation> groups) {
    double[] bias = concat(groups.stream().map(g -> g.bias(g.others())).toList());
    String sum = "";
    for (int i = 0; i < groups.get(0).rest().size(); i++) {
      int component = i;
      List<Component> parts = groups.stream().map(g -> g.rest().get(component)).toList();
      WrittenComponent written = WrittenComponent.of(shape, writer.convolution(), parts);
      String part = chain(writer, input, written, i == 0 ? bias : new double[bias.length]);
      sum = i == 0 ? part : writer.add(sum, part);
    }
    return sum;
  }

  private static String chain(
      OperatorWriter writer, String input, WrittenComponent written, double[] bias) {
    String tensor = written.inputs().length == 0 ? input : writer.gather(input, written.inputs());
    List<WrittenFactor> factors = written.factors();
    int last = factors.size() - 1;
    for (int i = 0; i < last; i++) {
      tensor = writer.factor(tensor, factors.get(i), zeros(factors.get(i)));
    }
    return writer.factor(tensor, factors.get(last), bias);
  }

  private static double[] zeros(WrittenFactor factor) {
    return new double[factor.rows() * factor.kernels().size()];
  }

  private static double[] concat(List<double[]> parts) {
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }
}
