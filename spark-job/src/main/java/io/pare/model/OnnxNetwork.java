package io.pare.model;

import io.pare.InputException;
import io.pare.model.proto.Onnx;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A network as an ONNX graph, with the look-ups that analysis and surgery need: who writes a
 * tensor, who reads it, and what is constant. Immutable and thread-safe; every change gives a new
 * network. IR version, operator sets, metadata and fields unknown to this version are kept.
 */
public final class OnnxNetwork {
  /** From this IR version on an initializer is an input only where callers may override it. */
  public static final int FREE_INITIALIZERS = 4;

  private static final Set<Integer> FLOATS =
      Set.of(
          Onnx.TensorProto.DataType.FLOAT_VALUE,
          Onnx.TensorProto.DataType.FLOAT16_VALUE,
          Onnx.TensorProto.DataType.BFLOAT16_VALUE,
          Onnx.TensorProto.DataType.DOUBLE_VALUE);

  private final Onnx.ModelProto model;
  private final Map<String, Onnx.TensorProto> constants = new HashMap<>();
  private final Map<String, Onnx.NodeProto> producers = new HashMap<>();
  private final Map<String, List<Onnx.NodeProto>> consumers = new HashMap<>();
  private final Set<String> outputs = new LinkedHashSet<>();

  private OnnxNetwork(Onnx.ModelProto model) {
    this.model = model;
    Onnx.GraphProto graph = model.getGraph();
    graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    for (Onnx.NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(output -> producers.put(output, node));
      GraphNames.reads(node)
          .forEach(input -> consumers.computeIfAbsent(input, k -> new ArrayList<>(1)).add(node));
      if (isStandard(node, "Constant")) {
        NodeAttributes.find(node, "value")
            .filter(Onnx.AttributeProto::hasT)
            .ifPresent(value -> constants.put(node.getOutput(0), value.getT()));
      }
    }
    graph.getOutputList().forEach(output -> outputs.add(output.getName()));
  }

  /** A network around a model that has been validated: see {@code read.ModelReader}. */
  public static OnnxNetwork of(Onnx.ModelProto model) {
    return new OnnxNetwork(model);
  }

  /** The ONNX file; the same network gives the same bytes. */
  public byte[] toBytes() {
    return model.toByteArray();
  }

  /** The length of the ONNX file. */
  public int length() {
    return model.getSerializedSize();
  }

  /** SHA-256 of the ONNX file, in hexadecimal digits; the file itself is never held. */
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      model.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new IllegalStateException("every JDK has SHA-256, and nothing is written", e);
    }
  }

  /** The model in ONNX's own form. */
  public Onnx.ModelProto model() {
    return model;
  }

  /** The nodes of the main graph, in topological order. */
  public List<Onnx.NodeProto> nodes() {
    return model.getGraph().getNodeList();
  }

  /** Version of the default operator set. */
  public long opset() {
    return model.getOpsetImportList().stream()
        .filter(opset -> opset.getDomain().isEmpty() || opset.getDomain().equals("ai.onnx"))
        .mapToLong(Onnx.OperatorSetIdProto::getVersion)
        .findFirst()
        .orElse(1);
  }

  /** Whether a node's operator is one of the default domain. */
  public static boolean isStandard(Onnx.NodeProto node) {
    return node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
  }

  /** Whether a node is the operator of that name in the default domain. */
  public static boolean isStandard(Onnx.NodeProto node, String operator) {
    return node.getOpType().equals(operator) && isStandard(node);
  }

  /** The node that writes a tensor; empty for inputs and initializers. */
  public Optional<Onnx.NodeProto> producer(String tensor) {
    return Optional.ofNullable(producers.get(tensor));
  }

  /** The nodes that read a tensor, each once, in graph order. */
  public List<Onnx.NodeProto> consumers(String tensor) {
    return consumers.getOrDefault(tensor, List.of());
  }

  /** The one node that reads a tensor which nobody else, the caller included, can see. */
  public Optional<Onnx.NodeProto> soleConsumer(String tensor) {
    List<Onnx.NodeProto> readers = consumers(tensor);
    return readers.size() == 1 && !outputs.contains(tensor)
        ? Optional.of(readers.get(0))
        : Optional.empty();
  }

  /** An initializer, also one that the caller may override, or the value of a Constant node. */
  public Optional<Onnx.TensorProto> constant(String tensor) {
    return Optional.ofNullable(constants.get(tensor));
  }

  /** Whether the caller sees a tensor. */
  public boolean isOutput(String tensor) {
    return outputs.contains(tensor);
  }

  /** The inputs that have no value of their own. */
  public List<Onnx.ValueInfoProto> inputs() {
    return model.getGraph().getInputList().stream()
        .filter(input -> !constants.containsKey(input.getName()))
        .toList();
  }

  /** The network's one input that has no value of its own. */
  public Onnx.ValueInfoProto input() {
    List<Onnx.ValueInfoProto> inputs = inputs();
    if (inputs.size() != 1) {
      throw InputException.data(
          "the network has "
              + inputs.size()
              + " inputs "
              + inputs.stream().limit(5).map(Onnx.ValueInfoProto::getName).toList()
              + "; Pare compresses networks with one input, a batch of images: give the others a value"
              + " with inputs");
    }
    return inputs.get(0);
  }

  /** The name of the tensor that takes the images. */
  public String inputName() {
    return input().getName();
  }

  /** The names of the outputs that hold floats, of single, half or double precision. */
  public List<String> floatOutputs() {
    return model.getGraph().getOutputList().stream()
        .filter(output -> output.getType().hasTensorType())
        .filter(output -> FLOATS.contains(output.getType().getTensorType().getElemType()))
        .map(Onnx.ValueInfoProto::getName)
        .toList();
  }

  /**
   * The shape of one image.
   *
   * @param height rows, used where the network leaves them open
   * @param width columns, used where the network leaves them open
   * @throws InputException where neither tells, or both and differently
   */
  public InputShape inputShape(OptionalInt height, OptionalInt width) {
    return InputShape.of(input(), height, width);
  }

  /**
   * A network that takes images of a size: this one, or where it fixes another size, the same with
   * its input's height and width left open. Sizes that it declares for inner tensors may follow
   * from the fixed one and are then left out. Whether it can compute with the size shows when it is
   * run.
   */
  public OnnxNetwork forSize(int height, int width) {
    if (InputShape.takes(input(), height, width)) {
      return this;
    }
    Onnx.ModelProto.Builder open = model.toBuilder();
    Onnx.GraphProto.Builder graph = open.getGraphBuilder().clearValueInfo();
    for (Onnx.ValueInfoProto.Builder each : graph.getInputBuilderList()) {
      if (each.getName().equals(inputName())) {
        InputShape.openSize(each);
      }
    }
    return of(open.build());
  }

  /** The number of images in every batch where the network fixes it; empty where it is free. */
  public OptionalInt fixedBatch() {
    Onnx.TensorShapeProto shape = input().getType().getTensorType().getShape();
    return shape.getDimCount() == 0 || shape.getDim(0).getDimValue() <= 0
        ? OptionalInt.empty()
        : OptionalInt.of((int) Math.min(Integer.MAX_VALUE, shape.getDim(0).getDimValue()));
  }

  /**
   * A network that computes exactly these tensors and nothing else: nodes and initializers they do
   * not need are removed. ONNX Runtime computes a whole graph even when fewer outputs are fetched.
   *
   * @param tensors written by a node of the graph, or its input
   * @throws IllegalArgumentException for a tensor that the network does not have
   */
  public OnnxNetwork withOutputs(Collection<String> tensors) {
    return Probe.cut(this, tensors);
  }

  /** How many dimensions a tensor has, where the network declares them. */
  public OptionalInt rank(String tensor) {
    Onnx.GraphProto graph = model.getGraph();
    return Stream.of(graph.getInputList(), graph.getValueInfoList(), graph.getOutputList())
        .flatMap(List::stream)
        .filter(declared -> declared.getName().equals(tensor))
        .map(declared -> declared.getType().getTensorType())
        .filter(Onnx.TypeProto.Tensor::hasShape)
        .mapToInt(type -> type.getShape().getDimCount())
        .findFirst();
  }

  /** The values of {@code metadata_props}. */
  public Map<String, String> metadata() {
    Map<String, String> metadata = new HashMap<>();
    model.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
    return Map.copyOf(metadata);
  }

  /** Every name in use, at any depth, as a set that the caller may extend. */
  public Set<String> names() {
    return new HashSet<>(GraphNames.all(model.getGraph()));
  }
}
