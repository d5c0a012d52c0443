package io.pare.model.inference;

import io.pare.model.GraphNames;
import io.pare.model.proto.Onnx;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Names of inputs and outputs as ONNX Runtime is given them. Its Java binding passes names in the
 * virtual machine's own encoding, which writes characters beyond 16 bits otherwise than UTF-8, so
 * that no such tensor is found: these have other names inside. Immutable.
 */
final class NativeNames {
  private static final NativeNames SAME = new NativeNames(Map.of());

  private final Map<String, String> inside;
  private final Map<String, String> outside = new HashMap<>();

  private NativeNames(Map<String, String> inside) {
    this.inside = inside;
    inside.forEach((name, other) -> outside.put(other, name));
  }

  /** All names as they are. */
  static NativeNames same() {
    return SAME;
  }

  /** Whether a name that came through the binding is one that it has garbled. */
  static boolean areGarbled(Collection<String> names) {
    return names.stream().anyMatch(name -> name.chars().anyMatch(c -> c >= 0xf0 && c <= 0xf4));
  }

  /** Other names for those inputs and outputs of a network that need them. */
  static NativeNames of(Onnx.GraphProto graph) {
    Set<String> taken = new HashSet<>(GraphNames.all(graph));
    Map<String, String> inside = new HashMap<>();
    Stream.of(graph.getInputList(), graph.getOutputList())
        .flatMap(List::stream)
        .map(Onnx.ValueInfoProto::getName)
        .filter(name -> name.codePointCount(0, name.length()) < name.length())
        .forEach(name -> inside.computeIfAbsent(name, key -> GraphNames.fresh(taken, "renamed")));
    return new NativeNames(inside);
  }

  String inside(String name) {
    return inside.getOrDefault(name, name);
  }

  /** A map with the names that the network has by those inside. */
  <T> Map<String, T> outside(Map<String, T> values) {
    return renamed(values, outside);
  }

  /** A map with the names inside by those that the network has. */
  <T> Map<String, T> inside(Map<String, T> values) {
    return renamed(values, inside);
  }

  /** The names that the network has for those inside. */
  Set<String> outside(Set<String> given) {
    return renamed(given, outside);
  }

  /** The names inside for those that the network has. */
  Set<String> inside(Set<String> given) {
    return renamed(given, inside);
  }

  private static Set<String> renamed(Set<String> given, Map<String, String> names) {
    if (names.isEmpty()) {
      return given;
    }
    Set<String> renamed = new LinkedHashSet<>();
    given.forEach(name -> renamed.add(names.getOrDefault(name, name)));
    return renamed;
  }

  private static <T> Map<String, T> renamed(Map<String, T> values, Map<String, String> names) {
    if (names.isEmpty()) {
      return values;
    }
    Map<String, T> renamed = new LinkedHashMap<>();
    values.forEach((name, value) -> renamed.put(names.getOrDefault(name, name), value));
    return renamed;
  }

  /** The graph with the names inside, at any depth. */
  Onnx.GraphProto applied(Onnx.GraphProto graph) {
    Onnx.GraphProto.Builder renamed = graph.toBuilder();
    Stream.of(
            renamed.getInputBuilderList(),
            renamed.getOutputBuilderList(),
            renamed.getValueInfoBuilderList())
        .flatMap(List::stream)
        .forEach(value -> value.setName(inside(value.getName())));
    renamed.getInitializerBuilderList().forEach(tensor -> tensor.setName(inside(tensor.getName())));
    renamed
        .getSparseInitializerBuilderList()
        .forEach(sparse -> sparse.getValuesBuilder().setName(inside(sparse.getValues().getName())));
    renamed.getNodeBuilderList().forEach(this::apply);
    return renamed.build();
  }

  private void apply(Onnx.NodeProto.Builder node) {
    List<String> inputs = node.getInputList().stream().map(this::inside).toList();
    List<String> outputs = node.getOutputList().stream().map(this::inside).toList();
    node.clearInput().addAllInput(inputs).clearOutput().addAllOutput(outputs);
    for (Onnx.AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
      if (attribute.hasG()) {
        attribute.setG(applied(attribute.getG()));
      }
      for (int i = 0; i < attribute.getGraphsCount(); i++) {
        attribute.setGraphs(i, applied(attribute.getGraphs(i)));
      }
    }
  }
}
