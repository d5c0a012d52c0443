package io.pare.model.gradient;

import io.pare.model.GraphNames;
import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.gradient.graph.ComputedIntegers;
import io.pare.model.gradient.graph.ElementTypes;
import io.pare.model.gradient.graph.GraphWriter;
import io.pare.model.gradient.graph.TensorShapes;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The way back through a network, from the gradients that a loss gives to those of the wanted
 * tensors: reverse order, each node once, the gradients of a tensor that several nodes read added
 * up. Nothing is written for tensors that lead to no wanted one. Not thread-safe.
 */
final class Backpropagation {
  private final OnnxNetwork network;
  private final TensorShapes shapes;
  private final ElementTypes types;
  private final ComputedIntegers integers;
  private final GraphWriter graph;
  private final Set<String> needed;
  private final Map<String, List<String>> contributions = new LinkedHashMap<>();
  private final IdentityHashMap<Onnx.NodeProto, String> indices = new IdentityHashMap<>();
  private final List<Onnx.NodeProto> stops = new ArrayList<>();

  Backpropagation(
      OnnxNetwork network, InputShape image, GraphWriter graph, Collection<String> wanted) {
    this.network = network;
    this.shapes = TensorShapes.measure(network, image);
    this.integers = ComputedIntegers.measure(network, image);
    this.types = new ElementTypes(network);
    this.graph = graph;
    this.needed = reachable(wanted);
  }

  /** The tensors whose floats change with some others. */
  private Set<String> reachable(Collection<String> from) {
    Set<String> reached = new HashSet<>(from);
    for (Onnx.NodeProto node : network.nodes()) {
      if (!OperatorGradients.isFlat(node) && reads(node, reached)) {
        node.getOutputList().stream()
            .filter(out -> !out.isEmpty() && (types.isFloat(out) || types.of(out) == 0))
            .forEach(reached::add);
      }
    }
    return reached;
  }

  private static boolean reads(Onnx.NodeProto node, Set<String> tensors) {
    return GraphNames.reads(node).stream().anyMatch(tensors::contains);
  }

  OnnxNetwork network() {
    return network;
  }

  GraphWriter graph() {
    return graph;
  }

  TensorShapes shapes() {
    return shapes;
  }

  /** The values of integers that nodes compute. */
  ComputedIntegers integers() {
    return integers;
  }

  ElementTypes types() {
    return types;
  }

  /** Whether the gradient of a tensor leads to a wanted one. */
  boolean needs(String tensor) {
    return needed.contains(tensor);
  }

  /** Adds to the gradient of a tensor; none is kept that nobody needs. */
  void contribute(String tensor, String gradient) {
    if (needs(tensor)) {
      contributions.computeIfAbsent(tensor, absent -> new ArrayList<>(1)).add(gradient);
    }
  }

  /** Whether something has been added to the gradient of a tensor. */
  boolean hasGradient(String tensor) {
    return contributions.containsKey(tensor);
  }

  /** The whole gradient of a tensor, once all that read it have been passed. */
  Optional<String> gradient(String tensor) {
    List<String> terms = contributions.get(tensor);
    if (terms == null) {
      return Optional.empty();
    }
    if (terms.size() > 1) {
      String total = graph.total(terms);
      terms.clear();
      terms.add(total);
    }
    return Optional.of(terms.get(0));
  }

  /** The second output of a MaxPool, which it has from now on. */
  String indices(Onnx.NodeProto node) {
    return indices.computeIfAbsent(node, absent -> graph.fresh(node.getOutput(0) + ".indices"));
  }

  /** Passes all nodes, the last one first. */
  void run() {
    ListIterator<Onnx.NodeProto> reverse = network.nodes().listIterator(network.nodes().size());
    while (reverse.hasPrevious()) {
      Onnx.NodeProto node = reverse.previous();
      boolean asked = node.getOutputList().stream().anyMatch(contributions::containsKey);
      if (asked && reads(node, needed)) {
        pass(node);
      }
    }
  }

  private void pass(Onnx.NodeProto node) {
    Adjoint adjoint = new Adjoint(node, this);
    Optional<OperatorGradient> gradient =
        OperatorGradients.of(node)
            .filter(known -> types.isFloat(node.getOutput(0)))
            .filter(known -> adjoint.isMeasured() && known.covers(adjoint));
    gradient.ifPresentOrElse(known -> known.write(adjoint), () -> stops.add(node));
  }

  /** The nodes of the network, as the way back needs them. */
  List<Onnx.NodeProto> forward() {
    return network.nodes().stream().map(this::withIndices).toList();
  }

  private Onnx.NodeProto withIndices(Onnx.NodeProto node) {
    String second = indices.get(node);
    return second == null ? node : node.toBuilder().addOutput(second).build();
  }

  /** The nodes that no gradient passes though one came to them, in graph order. */
  List<Onnx.NodeProto> stops() {
    List<Onnx.NodeProto> ordered = new ArrayList<>(stops);
    Collections.reverse(ordered);
    return List.copyOf(ordered);
  }

  /** Those of some tensors that lead to the output by way of a node that no gradient passes. */
  List<String> behindStops(Collection<String> tensors) {
    return tensors.stream().filter(this::leadsToStop).toList();
  }

  private boolean leadsToStop(String tensor) {
    Set<String> reached = reachable(List.of(tensor));
    return stops.stream().anyMatch(stop -> reads(stop, reached));
  }
}
