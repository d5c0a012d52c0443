package io.pare.model.rewrite;

import io.pare.model.Layer;
import io.pare.model.LayerNodes;
import io.pare.model.NetworkShapes;
import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Removes the channels that nobody reads (algorithm.md, section 6): where a rewritten layer gathers
 * only some of its input channels, the others need not be computed. Their filters leave the Conv or
 * Gemm that computes them, the last factor of a layer that was split included; constants on the way
 * get shorter; and a Gather is numbered anew, or removed where it would choose everything in order.
 * The outputs of the network stay as they were, all of them.
 *
 * <p>Which operators let channels through and which stop them says {@link ChannelGraph}. The same
 * network gives the same bytes. Stateless.
 */
public final class DeadChannels {
  private final OnnxNetwork network;
  private final ChannelGraph graph;
  private final BitSet live;
  private final GraphEdit edit;

  /** Gathers that are removed: what they write, and what is read instead. */
  private final Map<String, String> renamed = new HashMap<>();

  private DeadChannels(OnnxNetwork network, NetworkShapes shapes, List<Layer> whole) {
    this.network = network;
    this.graph = new ChannelGraph(network, shapes, Set.of());
    whole.forEach(layer -> graph.read(layer.output()));
    this.live = graph.slots().live(new BitSet());
    this.edit = new GraphEdit(network);
  }

  /**
   * The network without them.
   *
   * @param shapes of this network; channels are followed through a Flatten only where they tell its
   *     size
   * @param whole layers that keep all of their filters
   */
  public static OnnxNetwork remove(OnnxNetwork network, NetworkShapes shapes, List<Layer> whole) {
    return new DeadChannels(network, shapes, whole).remove();
  }

  private OnnxNetwork remove() {
    for (Onnx.NodeProto node : network.nodes()) {
      if (isIdentity(node)) {
        renamed.put(node.getOutput(0), renamed(node.getInput(0)));
        edit.replace(node, List.of());
        continue;
      }
      Onnx.NodeProto.Builder changed = node.toBuilder();
      for (int i = 0; i < node.getInputCount(); i++) {
        changed.setInput(i, renamed(node.getInput(i)));
      }
      Optional<ChannelAxis> axis =
          node.getOutputCount() == 1 ? graph.axis(node.getOutput(0)) : Optional.empty();
      if (axis.isPresent() && OnnxNetwork.isStandard(node, "Gather")) {
        choose(node, changed, axis.get());
      } else if (axis.isPresent() && isShrunk(axis.get())) {
        shrink(node, changed, axis.get());
      }
      if (axis.isPresent() && isShrunk(axis.get())) {
        edit.reshape(node.getOutput(0));
      }
      Onnx.NodeProto built = changed.build();
      if (!built.equals(node)) {
        edit.replace(node, List.of(built));
      }
    }
    return edit.apply(Map.of());
  }

  private String renamed(String tensor) {
    return renamed.getOrDefault(tensor, tensor);
  }

  private void shrink(Onnx.NodeProto node, Onnx.NodeProto.Builder changed, ChannelAxis axis) {
    int[] kept = axis.among(live);
    switch (node.getOpType()) {
      case "Conv" -> {
        boolean depthwise = !graph.isProducer(node);
        changed.setInput(1, chosen(node.getInput(1), 0, kept));
        bias(node, changed, kept, axis.size());
        if (depthwise) {
          setNumber(changed, "group", kept.length);
        }
      }
      case "ConvTranspose" -> {
        changed.setInput(1, chosen(node.getInput(1), 1, kept));
        bias(node, changed, kept, axis.size());
      }
      case "Gemm", "MatMul" -> {
        boolean transposed = new LayerNodes(node, Optional.empty()).isTransposed();
        changed.setInput(1, chosen(node.getInput(1), transposed ? 1 : 0, kept));
        bias(node, changed, kept, axis.size());
      }
      case "BatchNormalization" ->
          IntStream.range(1, node.getInputCount())
              .forEach(i -> changed.setInput(i, chosen(node.getInput(i), 0, kept)));
      default ->
          IntStream.range(0, node.getInputCount())
              .filter(i -> graph.axis(node.getInput(i)).isEmpty())
              .forEach(i -> constant(node, changed, i, axis));
    }
  }

  /** A Gather has other indices if its input has lost channels, or some of its own are unread. */
  private void choose(Onnx.NodeProto node, Onnx.NodeProto.Builder changed, ChannelAxis axis) {
    if (isShrunk(axis) || isShrunk(graph.axis(node.getInput(0)).orElseThrow())) {
      changed.setInput(1, edit.indices(node.getInput(1) + "_kept", indices(node, axis)));
    }
  }

  private boolean isShrunk(ChannelAxis axis) {
    return axis.among(live).length < axis.size();
  }

  private void bias(Onnx.NodeProto node, Onnx.NodeProto.Builder changed, int[] kept, int channels) {
    if (node.getInputCount() > 2 && !node.getInput(2).isEmpty()) {
      long[] dims = Tensors.dims(network.constant(node.getInput(2)).orElseThrow());
      if (dims.length > 0 && dims[dims.length - 1] == channels) {
        changed.setInput(2, chosen(node.getInput(2), dims.length - 1, kept));
      }
    }
  }

  /** A constant operand: one value serves all channels, more are one for each. */
  private void constant(
      Onnx.NodeProto node, Onnx.NodeProto.Builder changed, int input, ChannelAxis axis) {
    String name = node.getInput(input);
    Optional<long[]> dims = network.constant(name).map(Tensors::dims);
    int channelAxis = dims.map(d -> d.length - axis.rank() + 1).orElse(-1);
    if (channelAxis >= 0 && dims.orElseThrow()[channelAxis] == axis.size()) {
      changed.setInput(input, chosen(name, channelAxis, axis.among(live)));
    }
  }

  /** A new constant: these entries of an axis of an old one. */
  private String chosen(String name, int axis, int[] kept) {
    Onnx.TensorProto tensor = network.constant(name).orElseThrow();
    long[] dims = Tensors.dims(tensor);
    int inner = 1;
    for (int i = axis + 1; i < dims.length; i++) {
      inner = Math.toIntExact(inner * dims[i]);
    }
    int block = Math.toIntExact(dims[axis] * inner);
    float[] values = Tensors.floats(tensor);
    int blocks = values.length / block;
    float[] chosen = new float[blocks * kept.length * inner];
    for (int b = 0; b < blocks; b++) {
      for (int k = 0; k < kept.length; k++) {
        int to = (b * kept.length + k) * inner;
        System.arraycopy(values, b * block + kept[k] * inner, chosen, to, inner);
      }
    }
    dims[axis] = kept.length;
    return edit.constant(
        name + "_kept", Onnx.TensorProto.DataType.forNumber(tensor.getDataType()), dims, chosen);
  }

  /** What a Gather still chooses, counted among the channels that its input still has. */
  private int[] indices(Onnx.NodeProto gather, ChannelAxis axis) {
    ChannelAxis input = graph.axis(gather.getInput(0)).orElseThrow();
    int[] chosen = ChannelGraph.gathered(network, gather, input.size()).orElseThrow();
    int[] present = input.among(live);
    return Arrays.stream(axis.among(live))
        .map(i -> Arrays.binarySearch(present, chosen[i]))
        .toArray();
  }

  /** Whether a Gather would choose all of its input in order. */
  private boolean isIdentity(Onnx.NodeProto node) {
    Optional<ChannelAxis> axis =
        OnnxNetwork.isStandard(node, "Gather") ? graph.axis(node.getOutput(0)) : Optional.empty();
    if (axis.isEmpty() || network.isOutput(node.getOutput(0))) {
      return false;
    }
    boolean captured =
        network.consumers(node.getOutput(0)).stream()
            .anyMatch(reader -> !reader.getInputList().contains(node.getOutput(0)));
    int channels = graph.axis(node.getInput(0)).orElseThrow().among(live).length;
    int[] indices = indices(node, axis.get());
    return !captured && Arrays.equals(indices, IntStream.range(0, channels).toArray());
  }

  private static void setNumber(Onnx.NodeProto.Builder node, String name, long value) {
    List<Onnx.AttributeProto> others = new ArrayList<>(node.getAttributeList());
    others.removeIf(attribute -> attribute.getName().equals(name));
    node.clearAttribute().addAllAttribute(others).addAttribute(NodeAttributes.number(name, value));
  }
}
