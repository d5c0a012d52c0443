package io.pare.model;

import static java.util.stream.Collectors.toSet;

import io.pare.model.proto.Onnx;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Cuts a network down to what some of its tensors need. Stateless. */
public final class Probe {
  private Probe() {}

  /** See {@link OnnxNetwork#withOutputs}. */
  static OnnxNetwork cut(OnnxNetwork network, Collection<String> tensors) {
    return cut(network, tensors, List.of());
  }

  /**
   * A network that computes some tensors from others.
   *
   * @param tensors to compute
   * @param given tensors that need not be computed, those that are read become the inputs; the
   *     network's own input stays where there are none
   */
  static OnnxNetwork cut(
      OnnxNetwork network, Collection<String> tensors, List<Onnx.ValueInfoProto> given) {
    Onnx.GraphProto graph = network.model().getGraph();
    Map<String, Onnx.ValueInfoProto> declared = new HashMap<>();
    graph.getOutputList().forEach(output -> declared.put(output.getName(), output));
    Onnx.GraphProto.Builder cut = graph.toBuilder().clearOutput().clearNode();
    Set<String> from = given.stream().map(Onnx.ValueInfoProto::getName).collect(toSet());
    for (String tensor : new LinkedHashSet<>(tensors)) {
      if (network.producer(tensor).isEmpty() && !tensor.equals(network.inputName())) {
        throw new IllegalArgumentException("the network has no tensor " + tensor);
      }
      cut.addOutput(
          declared.getOrDefault(tensor, Onnx.ValueInfoProto.newBuilder().setName(tensor).build()));
    }
    Set<Onnx.NodeProto> needed = needed(network, tensors, from);
    Set<String> names = from.isEmpty() ? Set.of() : network.names();
    graph.getNodeList().stream()
        .filter(needed::contains)
        .map(node -> withoutOutputs(node, from, names))
        .forEach(cut::addNode);
    if (!given.isEmpty()) {
      Set<String> read =
          needed.stream().flatMap(n -> GraphNames.reads(n).stream()).collect(toSet());
      cut.clearInput();
      graph.getInputList().stream()
          .filter(input -> network.constant(input.getName()).isPresent())
          .forEach(cut::addInput);
      given.stream().filter(tensor -> read.contains(tensor.getName())).forEach(cut::addInput);
    }
    return OnnxNetwork.of(network.model().toBuilder().setGraph(prune(cut, name -> false)).build());
  }

  /** A node that is needed for another output writes a given tensor under a name nobody reads. */
  private static Onnx.NodeProto withoutOutputs(
      Onnx.NodeProto node, Set<String> given, Set<String> names) {
    if (node.getOutputList().stream().noneMatch(given::contains)) {
      return node;
    }
    Onnx.NodeProto.Builder renamed = node.toBuilder();
    for (int i = 0; i < node.getOutputCount(); i++) {
      if (given.contains(node.getOutput(i))) {
        String name = node.getOutput(i) + "_unread";
        while (!names.add(name)) {
          name += "_";
        }
        renamed.setOutput(i, name);
      }
    }
    return renamed.build();
  }

  private static Set<Onnx.NodeProto> needed(
      OnnxNetwork network, Collection<String> tensors, Set<String> from) {
    Set<Onnx.NodeProto> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<String> open = new ArrayDeque<>(tensors);
    while (!open.isEmpty()) {
      Optional.of(open.pop())
          .filter(tensor -> !from.contains(tensor))
          .flatMap(network::producer)
          .filter(needed::add)
          .ifPresent(node -> open.addAll(GraphNames.reads(node)));
    }
    return needed;
  }

  /**
   * Removes what no node reads and no output names: initializers, the inputs that only declared
   * them, and the shapes of tensors that are gone.
   *
   * @param kept names of tensors of which everything stays
   */
  public static Onnx.GraphProto prune(Onnx.GraphProto.Builder graph, Predicate<String> kept) {
    Set<String> read = new HashSet<>();
    Set<String> present = new HashSet<>();
    for (Onnx.NodeProto node : graph.getNodeList()) {
      read.addAll(GraphNames.reads(node));
      present.addAll(node.getOutputList());
    }
    graph.getOutputList().forEach(output -> read.add(output.getName()));
    Predicate<String> stays = kept.or(read::contains);
    Onnx.GraphProto whole = graph.build();
    Set<String> gone = new HashSet<>();
    graph.clearInitializer();
    for (Onnx.TensorProto tensor : whole.getInitializerList()) {
      if (stays.test(tensor.getName())) {
        graph.addInitializer(tensor);
        present.add(tensor.getName());
      } else {
        gone.add(tensor.getName());
      }
    }
    graph.clearSparseInitializer();
    whole.getSparseInitializerList().stream()
        .filter(sparse -> stays.test(sparse.getValues().getName()))
        .forEach(graph::addSparseInitializer);
    graph.clearInput();
    whole.getInputList().stream()
        .filter(input -> !gone.contains(input.getName()))
        .forEach(graph::addInput);
    Predicate<String> described = kept.or(present::contains);
    graph.clearValueInfo();
    whole.getValueInfoList().stream()
        .filter(value -> described.test(value.getName()))
        .forEach(graph::addValueInfo);
    graph.clearQuantizationAnnotation();
    whole.getQuantizationAnnotationList().stream()
        .filter(annotation -> described.test(annotation.getTensorName()))
        .forEach(graph::addQuantizationAnnotation);
    return graph.build();
  }
}
