package io.pare.model.rewrite;

import io.pare.model.GraphNames;
import io.pare.model.LayerNodes;
import io.pare.model.NetworkShapes;
import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Follows the channels of a network from the layers that compute them to whatever reads them
 * (algorithm.md, section 6): through operators that treat each channel on its own, Concat, Add of
 * tensors and Flatten. Any other operator reads all channels and is the end of them; so is an
 * output of the network. Built once, then only read.
 */
final class ChannelGraph {
  private static final Set<String> PER_CHANNEL =
      Set.of(
          "AveragePool",
          "Cast",
          "Celu",
          "Clip",
          "Dropout",
          "Elu",
          "Erf",
          "Gelu",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "LeakyRelu",
          "MaxPool",
          "Mish",
          "Relu",
          "Selu",
          "Sigmoid",
          "Softplus",
          "Swish",
          "Tanh");
  private static final Set<String> ELEMENTWISE = Set.of("Add", "Sub", "Mul", "Div", "PRelu");

  private final OnnxNetwork network;
  private final NetworkShapes shapes;
  private final Set<Onnx.NodeProto> selective;
  private final Map<String, ChannelAxis> axes = new HashMap<>();
  private final ChannelSlots slots = new ChannelSlots();

  /**
   * Follows all channels.
   *
   * @param shapes for Flatten, behind which a channel is as many columns as it has positions;
   *     without them it is the end
   * @param selective nodes, compared by identity, that may leave out channels of their first input:
   *     they are not counted as readers of it
   */
  ChannelGraph(OnnxNetwork network, NetworkShapes shapes, Set<Onnx.NodeProto> selective) {
    this.network = network;
    this.shapes = shapes;
    this.selective = selective;
    for (Onnx.NodeProto node : network.nodes()) {
      Optional<ChannelAxis> written =
          OnnxNetwork.isStandard(node) && node.getOutputCount() == 1
              ? through(node)
              : Optional.empty();
      if (written.isEmpty()) {
        GraphNames.reads(node).stream()
            .filter(tensor -> !isSelective(node) || !tensor.equals(node.getInput(0)))
            .forEach(this::read);
        written = isProducer(node) ? Optional.of(produced(node)) : Optional.empty();
      }
      written.ifPresent(axis -> axes.put(node.getOutput(0), axis));
    }
    network.model().getGraph().getOutputList().forEach(output -> read(output.getName()));
  }

  /** The channels of a tensor; empty where they cannot be told or cannot be removed. */
  Optional<ChannelAxis> axis(String tensor) {
    return Optional.ofNullable(axes.get(tensor));
  }

  ChannelSlots slots() {
    return slots;
  }

  /** Marks a tensor all of whose channels have to stay. */
  void read(String tensor) {
    axis(tensor).ifPresent(axis -> slots.read(axis.slots()));
  }

  /** Whether a node may leave out channels; a MatMul of more than vectors has other columns. */
  boolean isSelective(Onnx.NodeProto node) {
    return selective.contains(node)
        && (!node.getOpType().equals("MatMul") || isVectors(node.getInput(0)));
  }

  private boolean isVectors(String tensor) {
    return axis(tensor).filter(axis -> axis.rank() == 2).isPresent();
  }

  /** Whether a node is a layer that can compute some of its channels only. */
  boolean isProducer(Onnx.NodeProto node) {
    if (LayerNodes.isConvolution(node)) {
      return NodeAttributes.number(node, "group", 1) == 1 && hasOwnWeights(node);
    }
    boolean product =
        OnnxNetwork.isStandard(node, "Gemm")
            || (OnnxNetwork.isStandard(node, "MatMul") && isVectors(node.getInput(0)));
    return product && hasOwnWeights(node);
  }

  private boolean hasOwnWeights(Onnx.NodeProto node) {
    Optional<Onnx.TensorProto> weight = writable(node.getInput(1));
    boolean biased = node.getInputCount() > 2 && !node.getInput(2).isEmpty();
    return weight.isPresent()
        && LayerNodes.isConvolution(node) == weight.get().getDimsCount() > 2
        && weight.get().getDimsCount() >= 2
        && network.consumers(node.getInput(1)).size() == 1
        && !network.isOutput(node.getInput(1))
        && (!biased || writable(node.getInput(2)).isPresent());
  }

  private Optional<Onnx.TensorProto> writable(String tensor) {
    return network.constant(tensor).filter(Tensors::isFloatOrHalf);
  }

  private ChannelAxis produced(Onnx.NodeProto node) {
    Onnx.TensorProto weight = network.constant(node.getInput(1)).orElseThrow();
    boolean transposed =
        OnnxNetwork.isStandard(node, "ConvTranspose")
            || new LayerNodes(node, Optional.empty()).isTransposed();
    int channels = Math.toIntExact(weight.getDims(transposed ? 1 : 0));
    return new ChannelAxis(weight.getDimsCount(), slots.origin(channels));
  }

  /** The channels of the output of a node that lets them through. */
  private Optional<ChannelAxis> through(Onnx.NodeProto node) {
    String operator = node.getOpType();
    if (PER_CHANNEL.contains(operator)) {
      return axis(node.getInput(0));
    }
    if (ELEMENTWISE.contains(operator)) {
      return elementwise(node);
    }
    return switch (operator) {
      case "BatchNormalization" ->
          axis(node.getInput(0)).filter(axis -> isNormalization(node, axis.size()));
      case "Conv" ->
          isDepthwise(node) ? axis(node.getInput(0)).filter(a -> a.rank() > 2) : Optional.empty();
      case "Concat" -> concat(node);
      case "Flatten" ->
          NodeAttributes.number(node, "axis", 1) == 1 ? flatten(node) : Optional.empty();
      case "Gather" -> gather(node);
      case "ReduceMean", "ReduceMax", "ReduceSum" -> reduce(node);
      default -> Optional.empty();
    };
  }

  /** One filter for each channel, which goes with its channel. */
  private boolean isDepthwise(Onnx.NodeProto node) {
    return hasOwnWeights(node)
        && network
            .constant(node.getInput(1))
            .filter(weight -> weight.getDims(1) == 1)
            .filter(weight -> weight.getDims(0) == NodeAttributes.number(node, "group", 1))
            .filter(
                weight ->
                    axis(node.getInput(0)).map(a -> a.size() == weight.getDims(0)).orElse(false))
            .isPresent();
  }

  private boolean isNormalization(Onnx.NodeProto node, int channels) {
    return NodeAttributes.number(node, "training_mode", 0) == 0
        && node.getInputList().stream()
            .skip(1)
            .allMatch(
                name -> writable(name).filter(v -> Tensors.elements(v) == channels).isPresent());
  }

  /** With a constant of one value or one for each channel, or with a tensor of as many channels. */
  private Optional<ChannelAxis> elementwise(Onnx.NodeProto node) {
    Optional<ChannelAxis> left = axis(node.getInput(0));
    Optional<ChannelAxis> right = axis(node.getInput(1));
    if (left.isPresent() && right.isPresent()) {
      if (left.get().rank() != right.get().rank() || left.get().size() != right.get().size()) {
        return Optional.empty();
      }
      for (int c = 0; c < left.get().size(); c++) {
        slots.join(left.get().slots()[c], right.get().slots()[c]);
      }
      return left;
    }
    String constant = node.getInput(left.isPresent() ? 1 : 0);
    return left.or(() -> right)
        .filter(
            axis ->
                writable(constant)
                    .map(Tensors::dims)
                    .filter(dims -> ChannelAffine.isPerChannel(dims, axis.rank(), axis.size()))
                    .isPresent());
  }

  private Optional<ChannelAxis> concat(Onnx.NodeProto node) {
    List<Optional<ChannelAxis>> parts = node.getInputList().stream().map(this::axis).toList();
    if (!parts.stream().allMatch(Optional::isPresent)) {
      return Optional.empty();
    }
    int rank = parts.get(0).orElseThrow().rank();
    int[] joined =
        parts.stream().flatMapToInt(part -> Arrays.stream(part.orElseThrow().slots())).toArray();
    return Optional.of(new ChannelAxis(rank, joined))
        .filter(axis -> axis.isAxis(NodeAttributes.number(node, "axis", 0)));
  }

  private Optional<ChannelAxis> flatten(Onnx.NodeProto node) {
    Optional<ChannelAxis> input = axis(node.getInput(0));
    if (input.isEmpty() || input.get().rank() == 2) {
      return input;
    }
    Optional<long[]> shape =
        shapes
            .of(node.getInput(0))
            .filter(dims -> dims.length > 2 && dims[1] == input.get().size());
    return shape.map(
        dims -> {
          int positions =
              Math.toIntExact(Arrays.stream(dims, 2, dims.length).reduce(1, Math::multiplyExact));
          int[] columns =
              Arrays.stream(input.get().slots())
                  .flatMap(slot -> IntStream.generate(() -> slot).limit(positions))
                  .toArray();
          return new ChannelAxis(2, columns);
        });
  }

  private Optional<ChannelAxis> gather(Onnx.NodeProto node) {
    Optional<ChannelAxis> input =
        axis(node.getInput(0)).filter(axis -> axis.isAxis(NodeAttributes.number(node, "axis", 0)));
    Optional<int[]> indices = input.flatMap(axis -> gathered(network, node, axis.size()));
    return indices.map(
        chosen -> {
          int[] from = Arrays.stream(chosen).map(c -> input.get().slots()[c]).toArray();
          return new ChannelAxis(input.get().rank(), slots.copy(from));
        });
  }

  /** The constant indices of a Gather, from 0; empty where they are no vector within the axis. */
  static Optional<int[]> gathered(OnnxNetwork network, Onnx.NodeProto gather, int size) {
    return network
        .constant(gather.getInput(1))
        .filter(tensor -> tensor.getDimsCount() == 1 && tensor.getDims(0) > 0)
        .flatMap(Tensors::integers)
        .filter(indices -> Arrays.stream(indices).allMatch(i -> i >= -size && i < size))
        .map(
            indices ->
                Arrays.stream(indices).mapToInt(i -> (int) (i < 0 ? i + size : i)).toArray());
  }

  /** Over all positions; what is left are the channels, with or without axes of one. */
  private Optional<ChannelAxis> reduce(Onnx.NodeProto node) {
    Optional<long[]> listed =
        node.getInputCount() > 1 && !node.getInput(1).isEmpty()
            ? network.constant(node.getInput(1)).flatMap(Tensors::integers)
            : NodeAttributes.find(node, "axes")
                .map(a -> a.getIntsList().stream().mapToLong(Long::longValue).toArray());
    boolean kept = NodeAttributes.number(node, "keepdims", 1) == 1;
    return axis(node.getInput(0))
        .filter(axis -> listed.filter(list -> isAllPositions(list, axis.rank())).isPresent())
        .map(axis -> new ChannelAxis(kept ? axis.rank() : 2, axis.slots()));
  }

  private static boolean isAllPositions(long[] listed, int rank) {
    long[] sorted =
        Arrays.stream(listed).map(a -> NodeAttributes.fromFront(a, rank)).sorted().toArray();
    return rank > 2 && Arrays.equals(sorted, LongStream.range(2, rank).toArray());
  }
}
