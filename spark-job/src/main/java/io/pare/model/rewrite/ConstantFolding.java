package io.pare.model.rewrite;

import io.pare.model.GraphNames;
import io.pare.model.NodeAttributes;
import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Writes the constants that nodes compute from other constants as plain initializers: those behind
 * Identity, Cast, Transpose, Reshape, Squeeze and Unsqueeze. A constant that is only named again is
 * read where it lies, so equal tensors stay stored once. Stateless.
 */
public final class ConstantFolding {
  private static final Set<String> SHAPING =
      Set.of("Reshape", "Squeeze", "Unsqueeze", "Identity", "Cast", "Transpose");

  private final OnnxNetwork network;
  private final GraphEdit edit;
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, Onnx.TensorProto> values = new HashMap<>();
  private final Map<String, Onnx.NodeProto> sources = new HashMap<>();

  private ConstantFolding(OnnxNetwork network) {
    this.network = network;
    this.edit = new GraphEdit(network);
  }

  /** The network without such nodes; the same object where it has none. */
  public static OnnxNetwork fold(OnnxNetwork network) {
    return new ConstantFolding(network).fold();
  }

  private OnnxNetwork fold() {
    for (Onnx.NodeProto node : network.nodes()) {
      if (isFoldable(node)) {
        evaluate(node).ifPresent(value -> take(node, value));
      }
    }
    if (sources.isEmpty()) {
      return network;
    }
    Set<Onnx.NodeProto> folded = Collections.newSetFromMap(new IdentityHashMap<>());
    folded.addAll(sources.values());
    Map<String, String> written = new HashMap<>();
    for (Onnx.NodeProto node : network.nodes()) {
      if (!folded.contains(node)) {
        read(node, written);
      }
    }
    folded.forEach(node -> edit.replace(node, List.of()));
    return edit.apply(Map.of());
  }

  /** Outputs of the network and tensors that a body captures keep their names, so their nodes. */
  private boolean isFoldable(Onnx.NodeProto node) {
    return SHAPING.stream().anyMatch(operator -> OnnxNetwork.isStandard(node, operator))
        && constant(node.getInput(0)).isPresent()
        && !network.isOutput(node.getOutput(0))
        && network.consumers(node.getOutput(0)).stream()
            .allMatch(reader -> GraphNames.bodies(reader).isEmpty());
  }

  private Optional<Onnx.TensorProto> constant(String tensor) {
    return Optional.ofNullable(values.get(tensor))
        .or(() -> network.constant(tensor).filter(value -> !isOverridable(tensor)));
  }

  /** Before IR version 4 every initializer is declared as an input, whatever is meant. */
  private boolean isOverridable(String tensor) {
    return network.model().getIrVersion() >= OnnxNetwork.FREE_INITIALIZERS
        && network.model().getGraph().getInputList().stream()
            .anyMatch(input -> input.getName().equals(tensor));
  }

  private void take(Onnx.NodeProto node, Onnx.TensorProto value) {
    String output = node.getOutput(0);
    values.put(output, value);
    sources.put(output, node);
    if (OnnxNetwork.isStandard(node, "Identity")) {
      names.put(output, names.getOrDefault(node.getInput(0), node.getInput(0)));
    }
  }

  private void read(Onnx.NodeProto node, Map<String, String> written) {
    if (node.getInputList().stream().noneMatch(values::containsKey)) {
      return;
    }
    Onnx.NodeProto.Builder changed = node.toBuilder();
    for (int i = 0; i < node.getInputCount(); i++) {
      String input = node.getInput(i);
      if (values.containsKey(input)) {
        String root = names.getOrDefault(input, input);
        changed.setInput(
            i,
            values.containsKey(root)
                ? written.computeIfAbsent(root, name -> edit.constant(name, values.get(name)))
                : root);
      }
    }
    edit.replace(node, List.of(changed.build()));
  }

  private Optional<Onnx.TensorProto> evaluate(Onnx.NodeProto node) {
    Onnx.TensorProto input = constant(node.getInput(0)).orElseThrow();
    return switch (node.getOpType()) {
      case "Identity" -> Optional.of(input);
      case "Cast" -> cast(node, input);
      case "Transpose" -> transposed(node, input);
      default -> shape(node, input).map(dims -> reshaped(input, dims));
    };
  }

  private static Optional<Onnx.TensorProto> cast(Onnx.NodeProto node, Onnx.TensorProto input) {
    Onnx.TensorProto.DataType type =
        Onnx.TensorProto.DataType.forNumber((int) NodeAttributes.number(node, "to", 0));
    boolean exact =
        type == Onnx.TensorProto.DataType.FLOAT || type == Onnx.TensorProto.DataType.FLOAT16;
    return exact && Tensors.isFloat(input)
        ? Optional.of(Tensors.of("", type, Tensors.dims(input), Tensors.floats(input)))
        : Optional.empty();
  }

  private static Optional<Onnx.TensorProto> transposed(
      Onnx.NodeProto node, Onnx.TensorProto input) {
    if (!Tensors.isFloatOrHalf(input)) {
      return Optional.empty();
    }
    long[] dims = Tensors.dims(input);
    int rank = dims.length;
    int[] reversed = IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    int[] order = NodeAttributes.numbers(node, "perm", reversed);
    long[] turned = new long[rank];
    int[] strides = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      turned[axis] = dims[order[axis]];
      int stride = 1;
      for (int inner = order[axis] + 1; inner < rank; inner++) {
        stride *= Math.toIntExact(dims[inner]);
      }
      strides[axis] = stride;
    }
    float[] values = Tensors.floats(input);
    float[] moved = new float[values.length];
    for (int k = 0; k < moved.length; k++) {
      int rest = k;
      int from = 0;
      for (int axis = rank - 1; axis >= 0; axis--) {
        from += rest % (int) turned[axis] * strides[axis];
        rest /= (int) turned[axis];
      }
      moved[k] = values[from];
    }
    return Optional.of(
        Tensors.of("", Onnx.TensorProto.DataType.forNumber(input.getDataType()), turned, moved));
  }

  private static Onnx.TensorProto reshaped(Onnx.TensorProto input, List<Long> dims) {
    return input.toBuilder().clearDims().addAllDims(dims).build();
  }

  private Optional<List<Long>> shape(Onnx.NodeProto node, Onnx.TensorProto input) {
    Optional<long[]> numbers =
        node.getInputCount() > 1
            ? constant(node.getInput(1)).flatMap(Tensors::integers)
            : NodeAttributes.find(node, "axes")
                .map(a -> a.getIntsList().stream().mapToLong(Long::longValue).toArray());
    return numbers.flatMap(
        given ->
            switch (node.getOpType()) {
              case "Reshape" -> reshape(given, Tensors.dims(input), Tensors.elements(input));
              case "Unsqueeze" -> Optional.of(unsqueezed(given, Tensors.dims(input)));
              default -> Optional.of(squeezed(given, Tensors.dims(input)));
            });
  }

  private static Optional<List<Long>> reshape(long[] wanted, long[] dims, long elements) {
    List<Long> shape = new ArrayList<>();
    long known = 1;
    for (int i = 0; i < wanted.length; i++) {
      long dim = wanted[i] == 0 && i < dims.length ? dims[i] : wanted[i];
      shape.add(dim);
      known *= dim == -1 ? 1 : dim;
    }
    if (known <= 0) {
      return Optional.empty();
    }
    long rest = elements / known;
    shape.replaceAll(dim -> dim == -1 ? rest : dim);
    return Optional.of(shape);
  }

  private static List<Long> unsqueezed(long[] axes, long[] dims) {
    int rank = dims.length + axes.length;
    Set<Integer> ones = places(axes, rank);
    List<Long> shape = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      shape.add(ones.contains(axis) ? 1 : dims[next++]);
    }
    return shape;
  }

  private static List<Long> squeezed(long[] axes, long[] dims) {
    Set<Integer> gone = places(axes, dims.length);
    List<Long> shape = new ArrayList<>();
    for (int axis = 0; axis < dims.length; axis++) {
      if (!gone.contains(axis)) {
        shape.add(dims[axis]);
      }
    }
    return shape;
  }

  private static Set<Integer> places(long[] axes, int rank) {
    Set<Integer> places = new HashSet<>();
    for (long axis : axes) {
      places.add(NodeAttributes.fromFront(axis, rank));
    }
    return places;
  }
}
