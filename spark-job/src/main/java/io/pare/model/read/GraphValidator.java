package io.pare.model.read;

import io.pare.model.proto.Onnx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the structure of a graph and of the graphs within it: every name is defined once and
 * before it is read, as ONNX demands of its lists of nodes (ONNX IR specification, Graphs). A list
 * in another order is refused rather than sorted: only a graph whose order is known gives the same
 * result everywhere. One instance checks one model; not thread-safe.
 */
final class GraphValidator {
  static final int MAX_NODES = 100_000;
  static final int MAX_INITIALIZERS = 100_000;
  static final int MAX_NAME = 4096;

  private final OperatorValidator operators = new OperatorValidator();
  private int nodes;
  private int initializers;

  /** Checks the graph of a model, which needs an input to feed and an output to read. */
  void checkMain(Place place, Onnx.GraphProto graph) {
    Set<String> constants = new HashSet<>();
    graph.getInitializerList().forEach(tensor -> constants.add(tensor.getName()));
    if (graph.getInputList().stream().allMatch(input -> constants.contains(input.getName()))) {
      throw place.defect("has no input; a network needs at least one");
    }
    if (graph.getOutputCount() == 0) {
      throw place.defect("has no output; a network needs at least one");
    }
    check(place, graph, new Scope(Optional.empty()));
  }

  private void check(Place place, Onnx.GraphProto graph, Scope scope) {
    nodes += graph.getNodeCount();
    initializers += graph.getInitializerCount();
    if (nodes > MAX_NODES || initializers > MAX_INITIALIZERS) {
      throw place.defect(
          "has more than "
              + MAX_NODES
              + " nodes or "
              + MAX_INITIALIZERS
              + " initializers, the limits for one network");
    }
    defineInputs(place, graph, scope);
    for (int i = 0; i < graph.getNodeCount(); i++) {
      Onnx.NodeProto node = graph.getNode(i);
      Place inner = place.node(node, i);
      checkHead(inner, node);
      checkInputs(inner, node, graph, scope);
      operators.check(inner, node, scope);
      checkBodies(inner, node, scope);
      defineOutputs(inner, node, scope);
    }
    checkOutputs(place, graph, scope);
  }

  private static void defineInputs(Place place, Onnx.GraphProto graph, Scope scope) {
    Set<String> inputs = new HashSet<>();
    for (Onnx.ValueInfoProto input : graph.getInputList()) {
      checkName(place, input.getName());
      if (input.getName().isEmpty() || !scope.define(input.getName())) {
        throw place.defect(
            "has the input " + Place.quote(input.getName()) + " without a name of its own");
      }
      inputs.add(input.getName());
      Onnx.TensorShapeProto shape = input.getType().getTensorType().getShape();
      if (shape.getDimCount() > 2 && shape.getDim(1).getDimValue() > 0) {
        scope.channels(input.getName(), shape.getDim(1).getDimValue());
      }
    }
    Set<String> own = new HashSet<>();
    for (Onnx.TensorProto tensor : graph.getInitializerList()) {
      // An initializer that is listed as an input too is the default of that input.
      scope.define(tensor.getName());
      if (tensor.getName().isEmpty() || !own.add(tensor.getName())) {
        throw duplicate(place, "initializer", tensor.getName());
      }
      scope.tensor(tensor.getName(), tensor);
    }
    for (Onnx.SparseTensorProto tensor : graph.getSparseInitializerList()) {
      String name = tensor.getValues().getName();
      boolean fresh = scope.define(name) || (inputs.contains(name) && !own.contains(name));
      if (name.isEmpty() || !fresh || !own.add(name)) {
        throw duplicate(place, "sparse initializer", name);
      }
    }
  }

  private static RuntimeException duplicate(Place place, String kind, String name) {
    return place.defect(
        "has the "
            + kind
            + " "
            + Place.quote(name)
            + (name.isEmpty() ? ", a name is missing" : " twice")
            + "; every name must be given exactly once");
  }

  private static void checkHead(Place place, Onnx.NodeProto node) {
    if (node.getOpType().isEmpty()) {
      throw place.defect("names no operator");
    }
    checkName(place, node.getOpType());
    checkName(place, node.getName());
    Set<String> attributes = new HashSet<>();
    for (Onnx.AttributeProto attribute : node.getAttributeList()) {
      checkName(place, attribute.getName());
      if (!attributes.add(attribute.getName())) {
        throw place.defect("has the attribute " + Place.quote(attribute.getName()) + " twice");
      }
    }
  }

  private static void checkInputs(
      Place place, Onnx.NodeProto node, Onnx.GraphProto graph, Scope scope) {
    for (String name : node.getInputList()) {
      checkName(place, name);
      // The empty name stands for an optional input that is left out.
      if (!name.isEmpty() && !scope.sees(name)) {
        throw place.defect(unseen(name, graph));
      }
    }
  }

  private static String unseen(String name, Onnx.GraphProto graph) {
    String reads = "reads " + Place.quote(name) + ", which ";
    Map<String, Integer> producers = new HashMap<>();
    for (int i = 0; i < graph.getNodeCount(); i++) {
      for (String output : graph.getNode(i).getOutputList()) {
        producers.put(output, i);
      }
    }
    if (!producers.containsKey(name)) {
      return reads + "nothing defines; export the network again";
    }
    return CycleSearch.isOnCycle(graph, producers, producers.get(name))
        ? reads + "depends on itself: the graph has a cycle"
        : reads + "is produced later; ONNX demands nodes in topological order: sort them";
  }

  private void checkBodies(Place place, Onnx.NodeProto node, Scope scope) {
    for (Onnx.AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        check(place.attribute(attribute), attribute.getG(), new Scope(Optional.of(scope)));
      }
      for (Onnx.GraphProto body : attribute.getGraphsList()) {
        check(place.attribute(attribute), body, new Scope(Optional.of(scope)));
      }
    }
  }

  private static void defineOutputs(Place place, Onnx.NodeProto node, Scope scope) {
    for (String name : node.getOutputList()) {
      checkName(place, name);
      if (!name.isEmpty() && (scope.hides(name) || !scope.define(name))) {
        throw place.defect(
            "writes " + Place.quote(name) + ", which is defined before; a name is given once");
      }
    }
    OperatorValidator.learn(node, scope);
  }

  private static void checkOutputs(Place place, Onnx.GraphProto graph, Scope scope) {
    Set<String> outputs = new HashSet<>();
    for (Onnx.ValueInfoProto output : graph.getOutputList()) {
      checkName(place, output.getName());
      String shown = "has the output " + Place.quote(output.getName());
      if (!scope.sees(output.getName())) {
        throw place.defect(shown + ", which nothing defines; export the network again");
      }
      if (!outputs.add(output.getName())) {
        throw place.defect(shown + " twice; every output must have a name of its own");
      }
    }
  }

  /** Refuses names that no exporter writes. */
  static void checkName(Place place, String name) {
    if (name.length() > MAX_NAME) {
      throw place.defect(
          "has the name "
              + Place.quote(name)
              + " of "
              + name.length()
              + " characters; the limit is "
              + MAX_NAME);
    }
  }
}
