package io.pare.model.read;

import io.pare.model.proto.Onnx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts the nodes of a network once its functions stand where they are called, as ONNX Runtime
 * writes them out before it runs anything: a few functions that call each other twice are billions
 * of nodes. One instance checks one model; not thread-safe.
 */
final class FunctionCalls {
  static final int MAX_DEPTH = 64;

  private final Map<String, Onnx.FunctionProto> functions = new HashMap<>();
  private final Map<String, Long> nodes = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  FunctionCalls(Onnx.ModelProto model) {
    model
        .getFunctionsList()
        .forEach(
            function -> functions.put(key(function.getDomain(), function.getName()), function));
  }

  /** Refuses calls that come back to themselves, go too deep or grow the graph too large. */
  void check(Place place, Onnx.GraphProto graph) {
    if (functions.isEmpty()) {
      return;
    }
    if (nodes(place, graph.getNodeList()) > GraphValidator.MAX_NODES) {
      throw place.defect(
          "has more than "
              + GraphValidator.MAX_NODES
              + " nodes once its functions are written out, the limit for one network");
    }
  }

  private long nodes(Place place, List<Onnx.NodeProto> list) {
    long count = 0;
    for (Onnx.NodeProto node : list) {
      count += 1 + called(place, key(node.getDomain(), node.getOpType()));
      for (Onnx.AttributeProto attribute : node.getAttributeList()) {
        count += nodes(place, attribute.getG().getNodeList());
        for (Onnx.GraphProto body : attribute.getGraphsList()) {
          count += nodes(place, body.getNodeList());
        }
      }
      // More is as bad, and the sum stays within a long.
      count = Math.min(count, GraphValidator.MAX_NODES + 1L);
    }
    return count;
  }

  private long called(Place place, String key) {
    Onnx.FunctionProto function = functions.get(key);
    if (function == null) {
      return 0;
    }
    Long known = nodes.get(key);
    if (known != null) {
      return known;
    }
    Place inner = place.within("function " + Place.quote(function.getName()));
    if (!open.add(key)) {
      throw inner.defect("calls itself; a function must not");
    }
    if (open.size() > MAX_DEPTH) {
      throw place.defect("has functions that are nested too deep; the limit is " + MAX_DEPTH);
    }
    long count = nodes(place, function.getNodeList());
    open.remove(key);
    nodes.put(key, count);
    return count;
  }

  private static String key(String domain, String name) {
    return (domain.equals("ai.onnx") ? "" : domain) + ":" + name;
  }
}
