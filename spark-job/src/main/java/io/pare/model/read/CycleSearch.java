package io.pare.model.read;

import io.pare.model.proto.Onnx;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Tells a graph with a cycle from one whose nodes are merely not sorted; linear in its edges. */
final class CycleSearch {
  private CycleSearch() {}

  /**
   * Whether a node needs its own output, directly or through others.
   *
   * @param producers the index of the node that writes a name
   * @param start index of the node
   */
  static boolean isOnCycle(Onnx.GraphProto graph, Map<String, Integer> producers, int start) {
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    open.add(start);
    while (!open.isEmpty()) {
      Set<String> reads = new HashSet<>();
      collectReads(graph.getNode(open.remove()), reads);
      for (String name : reads) {
        int producer = producers.getOrDefault(name, -1);
        if (producer == start) {
          return true;
        }
        if (producer >= 0 && !seen.get(producer)) {
          seen.set(producer);
          open.add(producer);
        }
      }
    }
    return false;
  }

  /** Everything a node reads, also from within its bodies. */
  private static void collectReads(Onnx.NodeProto node, Set<String> reads) {
    reads.addAll(node.getInputList());
    for (Onnx.AttributeProto attribute : node.getAttributeList()) {
      attribute.getG().getNodeList().forEach(inner -> collectReads(inner, reads));
      for (Onnx.GraphProto body : attribute.getGraphsList()) {
        body.getNodeList().forEach(inner -> collectReads(inner, reads));
      }
    }
  }
}
