package io.pare.model.rewrite;

import io.pare.InputException;
import io.pare.model.GraphNames;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the nodes of a model's own functions in the place of their calls (ONNX, FunctionProto), so
 * that the layers within are layers of the graph. A function that is written for another version of
 * the operators than the model stays, and so do its calls. Used once.
 */
public final class FunctionInlining {
  private static final int MOST_NODES = 1 << 20;

  private final OnnxNetwork network;
  private final Set<String> taken;
  private final Map<String, Onnx.FunctionProto> functions = new LinkedHashMap<>();
  private final Map<String, Long> versions = new LinkedHashMap<>();
  private final List<Onnx.NodeProto> written = new ArrayList<>();
  private int unfolded;

  private FunctionInlining(OnnxNetwork network) {
    this.network = network;
    taken = network.names();
    for (Onnx.OperatorSetIdProto opset : network.model().getOpsetImportList()) {
      versions.put(domain(opset.getDomain()), opset.getVersion());
    }
    for (Onnx.FunctionProto function : network.model().getFunctionsList()) {
      if (function.getOpsetImportList().stream().allMatch(this::isCompatible)) {
        functions.put(
            key(function.getDomain(), function.getName(), function.getOverload()), function);
      }
    }
  }

  /**
   * The network without calls; the same object where it has no functions.
   *
   * @throws InputException for functions that call each other in a circle or unfold to more than a
   *     million nodes
   */
  public static OnnxNetwork inline(OnnxNetwork network) {
    return network.model().getFunctionsCount() == 0
        ? network
        : new FunctionInlining(network).inline();
  }

  private static String domain(String name) {
    return name.equals("ai.onnx") ? "" : name;
  }

  private static String key(String domain, String name, String overload) {
    return domain(domain) + "::" + name + "::" + overload;
  }

  private boolean isCompatible(Onnx.OperatorSetIdProto opset) {
    Long version = versions.get(domain(opset.getDomain()));
    return version == null || version == opset.getVersion();
  }

  private OnnxNetwork inline() {
    network.nodes().forEach(node -> write(node, new ArrayList<>()));
    Onnx.ModelProto.Builder model = network.model().toBuilder();
    functions.values().stream()
        .flatMap(function -> function.getOpsetImportList().stream())
        .filter(
            opset -> versions.putIfAbsent(domain(opset.getDomain()), opset.getVersion()) == null)
        .forEach(model::addOpsetImport);
    model.setGraph(network.model().getGraph().toBuilder().clearNode().addAllNode(written));
    return OnnxNetwork.of(model.build());
  }

  private void write(Onnx.NodeProto node, List<String> callers) {
    String key = key(node.getDomain(), node.getOpType(), node.getOverload());
    Onnx.FunctionProto function = functions.get(key);
    if (function == null) {
      written.add(node);
      return;
    }
    unfolded += function.getNodeCount();
    if (callers.contains(key) || unfolded > MOST_NODES) {
      throw InputException.data(
          "function "
              + function.getName()
              + (callers.contains(key) ? " calls itself" : " unfolds to more than a million nodes")
              + ": export the network without functions");
    }
    callers.add(key);
    Body body = new Body(function, node);
    function.getNodeList().forEach(inner -> write(body.of(inner), callers));
    callers.remove(callers.size() - 1);
  }

  /** One call: the names and attributes that the nodes of its function have there. */
  private final class Body {
    private final String prefix;
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Onnx.AttributeProto> attributes = new HashMap<>();

    Body(Onnx.FunctionProto function, Onnx.NodeProto call) {
      prefix = call.getName().isEmpty() ? function.getName() : call.getName();
      names.put("", "");
      for (int i = 0; i < function.getInputCount(); i++) {
        names.put(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
      }
      for (int i = 0; i < function.getOutputCount(); i++) {
        if (i < call.getOutputCount() && !call.getOutput(i).isEmpty()) {
          names.put(function.getOutput(i), call.getOutput(i));
        }
      }
      function.getAttributeProtoList().forEach(given -> attributes.put(given.getName(), given));
      call.getAttributeList().forEach(given -> attributes.put(given.getName(), given));
    }

    private String name(String inner) {
      return names.computeIfAbsent(inner, name -> GraphNames.fresh(taken, prefix + "/" + name));
    }

    Onnx.NodeProto of(Onnx.NodeProto inner) {
      Onnx.NodeProto.Builder node = inner.toBuilder().clearInput().clearOutput().clearAttribute();
      if (!inner.getName().isEmpty()) {
        node.setName(GraphNames.fresh(taken, prefix + "/" + inner.getName()));
      }
      inner.getInputList().forEach(input -> node.addInput(name(input)));
      inner.getOutputList().forEach(output -> node.addOutput(name(output)));
      inner.getAttributeList().forEach(its -> of(its).ifPresent(node::addAttribute));
      return node.build();
    }

    /** An attribute of the call where it is named; nothing where the call leaves it out. */
    private Optional<Onnx.AttributeProto> of(Onnx.AttributeProto attribute) {
      if (!attribute.getRefAttrName().isEmpty()) {
        return Optional.ofNullable(attributes.get(attribute.getRefAttrName()))
            .map(given -> given.toBuilder().setName(attribute.getName()).build());
      }
      Onnx.AttributeProto.Builder copy = attribute.toBuilder();
      if (attribute.hasG()) {
        copy.setG(of(attribute.getG()));
      }
      for (int k = 0; k < attribute.getGraphsCount(); k++) {
        copy.setGraphs(k, of(attribute.getGraphs(k)));
      }
      return Optional.of(copy.build());
    }

    private Onnx.GraphProto of(Onnx.GraphProto graph) {
      Onnx.GraphProto.Builder copy = graph.toBuilder().clearNode().clearValueInfo();
      copy.getInputBuilderList().forEach(value -> value.setName(name(value.getName())));
      copy.getOutputBuilderList().forEach(value -> value.setName(name(value.getName())));
      copy.getInitializerBuilderList().forEach(tensor -> tensor.setName(name(tensor.getName())));
      graph.getNodeList().forEach(node -> copy.addNode(of(node)));
      return copy.build();
    }
  }
}
