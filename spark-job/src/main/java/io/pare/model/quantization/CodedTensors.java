package io.pare.model.quantization;

import io.pare.algorithm.quantization.AffineCode;
import io.pare.algorithm.quantization.RangeRule;
import io.pare.algorithm.quantization.ValueHistogram;
import io.pare.algorithm.quantization.ValueRange;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which tensors of a network hold codes of eight bits, so that ONNX Runtime computes its weighted
 * layers, sums, pools and concatenations on whole numbers. A layer reads codes and writes codes,
 * behind its ReLU where one follows; what only moves values, or joins them side by side, has one
 * code for all that it touches. Immutable and thread-safe.
 */
public final class CodedTensors {
  /**
   * Ranges that differ by more have a code each, though joined: the coarser would cost too much.
   */
  private static final double MOST_RATIO = 2.5;

  private final OnnxNetwork network;
  private final Map<String, Onnx.NodeProto> weighted = new LinkedHashMap<>();
  private final Set<String> tensors = new LinkedHashSet<>();

  private CodedTensors(OnnxNetwork network, Set<String> floats) {
    this.network = network;
    for (Onnx.NodeProto node : network.nodes()) {
      if (Role.of(network, node) == Role.WEIGHTED && !floats.contains(node.getOutput(0))) {
        weighted.put(node.getOutput(0), node);
      }
    }
    weighted.values().forEach(node -> tensors.add(node.getInput(0)));
    network.nodes().forEach(this::spread);
  }

  /**
   * Finds the tensors, all weighted nodes coded.
   *
   * @param network in floats, of operator set 13 or later
   */
  public static CodedTensors of(OnnxNetwork network) {
    return new CodedTensors(network, Set.of());
  }

  /** The same network with some weighted nodes in floats, by their outputs. */
  public CodedTensors without(Set<String> floats) {
    return new CodedTensors(network, floats);
  }

  private void spread(Onnx.NodeProto node) {
    String output = node.getOutput(0);
    switch (Role.of(network, node)) {
      case WEIGHTED -> {
        // A product of matrices can give floats; a convolution has to give codes.
        if (weighted.containsKey(output) && !Role.isProduct(node)) {
          tensors.add(clamped(output));
        }
      }
      case JOINED -> {
        if (node.getInputList().stream().anyMatch(tensors::contains)) {
          tensors.addAll(node.getInputList());
          tensors.add(clamped(output));
        }
      }
      case AVERAGED, MOVED -> {
        if (tensors.contains(node.getInput(0))) {
          tensors.add(output);
        }
      }
      default -> {}
    }
  }

  /** A tensor, or what a ReLU makes of it that alone reads it. */
  private String clamped(String tensor) {
    return network
        .soleConsumer(tensor)
        .filter(reader -> Role.of(network, reader) == Role.CLAMPED)
        .map(reader -> reader.getOutput(0))
        .orElse(tensor);
  }

  /** The network. */
  public OnnxNetwork network() {
    return network;
  }

  /** The nodes whose weights are coded, by their output, in graph order. */
  Map<String, Onnx.NodeProto> weighted() {
    return weighted;
  }

  /** Outputs of the nodes whose weights are coded, in graph order. */
  public List<String> layers() {
    return List.copyOf(weighted.keySet());
  }

  /**
   * Those of the layers whose weights can take four bits, by output in graph order, and how many
   * weights each has.
   */
  public Map<String, Long> narrowable() {
    Map<String, Long> narrowable = new LinkedHashMap<>();
    weighted.forEach(
        (output, node) -> {
          long weights = Tensors.elements(Role.weights(network, node).orElseThrow());
          if (PackedCodes.suit(weights)) {
            narrowable.put(output, weights);
          }
        });
    return narrowable;
  }

  /**
   * For what layers read, the axis that counts its channels, from the end where it is below 0; that
   * of the first layer where several differ.
   */
  public Map<String, Integer> channelAxes() {
    Map<String, Integer> axes = new LinkedHashMap<>();
    weighted.values().forEach(node -> axes.putIfAbsent(node.getInput(0), Role.inputAxis(node)));
    return axes;
  }

  /** The coded tensors. */
  public List<String> tensors() {
    return List.copyOf(tensors);
  }

  /**
   * The code of each tensor.
   *
   * @param histograms of the values of each
   */
  public Map<String, AffineCode> codes(Map<String, ValueHistogram> histograms, RangeRule rule) {
    Map<String, ValueRange> ranges = new HashMap<>();
    tensors.forEach(tensor -> ranges.put(tensor, rule.range(histograms.get(tensor))));
    boolean changed = true;
    while (changed) {
      changed = false;
      for (List<String> group : together()) {
        ValueRange joined = group.stream().map(ranges::get).reduce(ValueRange::union).orElseThrow();
        for (String tensor : group) {
          boolean near = joined.width() <= MOST_RATIO * ranges.get(tensor).width();
          if ((near || group.size() == 2) && !joined.equals(ranges.get(tensor))) {
            ranges.put(tensor, joined);
            changed = true;
          }
        }
      }
    }
    Map<String, AffineCode> codes = new LinkedHashMap<>();
    tensors.forEach(tensor -> codes.put(tensor, AffineCode.of(ranges.get(tensor))));
    return codes;
  }

  /** Coded tensors that had better share a code. */
  private List<List<String>> together() {
    List<List<String>> groups = new ArrayList<>();
    for (Onnx.NodeProto node : network.nodes()) {
      List<String> group = new ArrayList<>(List.of(node.getOutput(0)));
      if (Role.of(network, node) == Role.MOVED) {
        group.add(node.getInput(0));
      } else if (node.getOpType().equals("Concat")) {
        group.addAll(node.getInputList());
      }
      if (group.size() > 1 && tensors.containsAll(group)) {
        groups.add(group);
      }
    }
    return groups;
  }
}
