package io.pare.model;

import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Groups layers by how many of them lie on the longest path from the input: the layers of one level
 * do not feed each other, and everything that a level reads, and what joins its outputs in an
 * addition that a fit sees, is written by lower ones. Stateless.
 */
public final class LayerLevels {

  private LayerLevels() {}

  /** The layers in topological order, those of one level together and in their own order. */
  public static List<List<Layer>> of(OnnxNetwork network, List<Layer> layers) {
    Map<String, Layer> writers = new HashMap<>();
    layers.forEach(layer -> writers.put(layer.output(), layer));
    Map<String, Integer> depths = new HashMap<>();
    for (Onnx.NodeProto node : network.nodes()) {
      int depth = 0;
      for (String read : GraphNames.reads(node)) {
        depth = Math.max(depth, depths.getOrDefault(read, 0));
      }
      for (String written : node.getOutputList()) {
        if (writers.containsKey(written)) {
          String summand = writers.get(written).summand();
          depth = Math.max(depth, depths.getOrDefault(summand, 0));
        }
      }
      for (String written : node.getOutputList()) {
        depths.put(written, depth + (writers.containsKey(written) ? 1 : 0));
      }
    }
    Map<Integer, List<Layer>> levels = new TreeMap<>();
    for (Layer layer : layers) {
      levels.computeIfAbsent(depths.get(layer.output()), depth -> new ArrayList<>()).add(layer);
    }
    return List.copyOf(levels.values());
  }
}
