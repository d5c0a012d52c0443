package io.pare.model.rewrite;

import io.pare.model.GraphNames;
import io.pare.model.OnnxNetwork;
import io.pare.model.Probe;
import io.pare.model.Tensors;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Changes to one network, gathered and then applied at once: the result is again in topological
 * order, and what nobody reads any more is gone. The same calls give the same bytes. Not
 * thread-safe.
 */
public final class GraphEdit {
  private final OnnxNetwork network;
  private final Set<String> names;
  private final List<Onnx.TensorProto> added = new ArrayList<>();
  private final IdentityHashMap<Onnx.NodeProto, List<Onnx.NodeProto>> replaced =
      new IdentityHashMap<>();

  private final Set<String> reshaped = new HashSet<>();

  /** No changes yet. */
  public GraphEdit(OnnxNetwork network) {
    this.network = network;
    this.names = network.names();
  }

  OnnxNetwork network() {
    return network;
  }

  /** A name that is not in use: {@code base}, or {@code base} and the least number that helps. */
  public String fresh(String base) {
    return GraphNames.fresh(names, base);
  }

  /** Adds an initializer under a fresh name, which is returned. */
  public String constant(String base, Onnx.TensorProto.DataType type, long[] dims, float[] values) {
    String name = fresh(base);
    added.add(Tensors.of(name, type, dims, values));
    return name;
  }

  /** Adds a tensor as an initializer under a fresh name, which is returned. */
  public String constant(String base, Onnx.TensorProto tensor) {
    String name = fresh(base);
    added.add(tensor.toBuilder().setName(name).build());
    return name;
  }

  /** Adds an initializer of indices under a fresh name, which is returned. */
  String indices(String base, int[] values) {
    String name = fresh(base);
    added.add(Tensors.of(name, Arrays.stream(values).asLongStream().toArray()));
    return name;
  }

  /** Puts nodes in the place of one; none removes it. */
  public void replace(Onnx.NodeProto node, List<Onnx.NodeProto> by) {
    replaced.put(node, List.copyOf(by));
  }

  /** Leaves out what the network says of a tensor's shape: it has another one now. */
  void reshape(String tensor) {
    reshaped.add(tensor);
  }

  /** Whether a node has been replaced or removed. */
  boolean isReplaced(Onnx.NodeProto node) {
    return replaced.containsKey(node);
  }

  /**
   * The changed network, with more metadata; an entry that it has already is overwritten. What no
   * change touches keeps its bytes.
   */
  public OnnxNetwork apply(Map<String, String> metadata) {
    Onnx.ModelProto.Builder model = network.model().toBuilder();
    if (!replaced.isEmpty()) {
      model.setGraph(graph());
    }
    model.clearMetadataProps();
    network.model().getMetadataPropsList().stream()
        .filter(entry -> !metadata.containsKey(entry.getKey()))
        .forEach(model::addMetadataProps);
    new TreeMap<>(metadata)
        .forEach(
            (key, value) ->
                model.addMetadataProps(
                    Onnx.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return OnnxNetwork.of(model.build());
  }

  private Onnx.GraphProto graph() {
    Onnx.GraphProto.Builder graph = network.model().getGraph().toBuilder().clearNode();
    for (Onnx.NodeProto node : network.nodes()) {
      graph.addAllNode(replaced.getOrDefault(node, List.of(node)));
    }
    graph.addAllInitializer(added);
    if (network.model().getIrVersion() < OnnxNetwork.FREE_INITIALIZERS) {
      added.forEach(tensor -> graph.addInput(declaration(tensor)));
    }
    removeUnreadConstants(graph);
    List<Onnx.ValueInfoProto> shapes =
        graph.getValueInfoList().stream().filter(v -> !reshaped.contains(v.getName())).toList();
    graph.clearValueInfo().addAllValueInfo(shapes);
    return Probe.prune(graph, this::isLoose);
  }

  /**
   * Whether a tensor was written or read by nobody before the edit, which then is not its cause.
   */
  private boolean isLoose(String tensor) {
    boolean read = !network.consumers(tensor).isEmpty() || network.isOutput(tensor);
    boolean written = network.producer(tensor).isPresent() || network.constant(tensor).isPresent();
    return !read || !written;
  }

  private static Onnx.ValueInfoProto declaration(Onnx.TensorProto tensor) {
    Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
    tensor
        .getDimsList()
        .forEach(
            dim -> shape.addDim(Onnx.TensorShapeProto.Dimension.newBuilder().setDimValue(dim)));
    return Onnx.ValueInfoProto.newBuilder()
        .setName(tensor.getName())
        .setType(
            Onnx.TypeProto.newBuilder()
                .setTensorType(
                    Onnx.TypeProto.Tensor.newBuilder()
                        .setElemType(tensor.getDataType())
                        .setShape(shape)))
        .build();
  }

  private void removeUnreadConstants(Onnx.GraphProto.Builder graph) {
    Set<String> read = new HashSet<>();
    graph.getNodeList().forEach(node -> read.addAll(GraphNames.reads(node)));
    graph.getOutputList().forEach(output -> read.add(output.getName()));
    List<Onnx.NodeProto> nodes =
        graph.getNodeList().stream()
            .filter(
                node ->
                    !OnnxNetwork.isStandard(node, "Constant")
                        || read.contains(node.getOutput(0))
                        || isLoose(node.getOutput(0)))
            .toList();
    graph.clearNode().addAllNode(nodes);
  }
}
