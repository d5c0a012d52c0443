package io.pare.model;

import io.pare.model.proto.Onnx;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which tensors nodes read and write, bodies of If, Loop and Scan included. Stateless. */
public final class GraphNames {
  private GraphNames() {}

  /** The tensors that a node reads, also those of the surrounding graph that its bodies capture. */
  public static Set<String> reads(Onnx.NodeProto node) {
    Set<String> names = new LinkedHashSet<>(node.getInputList());
    for (Onnx.GraphProto body : bodies(node)) {
      names.addAll(captured(body));
    }
    names.remove("");
    return names;
  }

  /** The graphs that a node holds as attributes. */
  public static List<Onnx.GraphProto> bodies(Onnx.NodeProto node) {
    return node.getAttributeList().stream()
        .flatMap(
            attribute ->
                attribute.hasG() ? Stream.of(attribute.getG()) : attribute.getGraphsList().stream())
        .toList();
  }

  private static Set<String> captured(Onnx.GraphProto body) {
    Set<String> own = new HashSet<>();
    body.getInputList().forEach(input -> own.add(input.getName()));
    body.getInitializerList().forEach(initializer -> own.add(initializer.getName()));
    body.getSparseInitializerList().forEach(sparse -> own.add(sparse.getValues().getName()));
    Set<String> names = new LinkedHashSet<>();
    for (Onnx.NodeProto node : body.getNodeList()) {
      names.addAll(reads(node));
      own.addAll(node.getOutputList());
    }
    body.getOutputList().forEach(output -> names.add(output.getName()));
    names.removeAll(own);
    return names;
  }

  /**
   * A name that is not taken, which it is from now on: {@code base}, or {@code base} and the least
   * number that helps.
   */
  public static String fresh(Set<String> taken, String base) {
    String name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + "_" + i;
    }
    return name;
  }

  /** Every name that a graph uses, for tensors or nodes, at any depth. */
  public static Set<String> all(Onnx.GraphProto graph) {
    Set<String> names = new HashSet<>();
    graph.getInputList().forEach(input -> names.add(input.getName()));
    graph.getOutputList().forEach(output -> names.add(output.getName()));
    graph.getInitializerList().forEach(initializer -> names.add(initializer.getName()));
    graph.getSparseInitializerList().forEach(sparse -> names.add(sparse.getValues().getName()));
    for (Onnx.NodeProto node : graph.getNodeList()) {
      names.add(node.getName());
      names.addAll(node.getInputList());
      names.addAll(node.getOutputList());
      bodies(node).forEach(body -> names.addAll(all(body)));
    }
    return names;
  }
}
