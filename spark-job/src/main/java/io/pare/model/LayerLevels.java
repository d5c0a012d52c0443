package io.pare.model;

import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Collection;
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
    Map<String, String> awaited = new HashMap<>();
    for (Layer layer : layers) {
      awaited.put(layer.output(), layer.summand());
      layer.sharers().forEach(sharer -> awaited.put(sharer, layer.output()));
    }
    Map<String, Integer> depths = depths(network, awaited);
    Map<Integer, List<Layer>> levels = new TreeMap<>();
    for (Layer layer : layers) {
      levels.computeIfAbsent(depths.get(layer.output()), depth -> new ArrayList<>()).add(layer);
    }
    return List.copyOf(levels.values());
  }

  /**
   * How many layers lie on the longest path to each tensor.
   *
   * @param awaited by the tensor that a layer writes: what it waits for besides what it reads,
   *     which the graph may compute later; empty where nothing
   */
  static Map<String, Integer> depths(OnnxNetwork network, Map<String, String> awaited) {
    Map<String, Integer> depths = new HashMap<>();
    boolean risen = true;
    while (risen) {
      risen = false;
      for (Onnx.NodeProto node : network.nodes()) {
        int above = greatest(depths, GraphNames.reads(node));
        for (String written : node.getOutputList()) {
          String other = awaited.get(written);
          int depth = other == null ? above : Math.max(above, depths.getOrDefault(other, 0)) + 1;
          risen |= !Integer.valueOf(depth).equals(depths.put(written, depth));
        }
      }
    }
    return depths;
  }

  private static int greatest(Map<String, Integer> depths, Collection<String> tensors) {
    return tensors.stream().mapToInt(tensor -> depths.getOrDefault(tensor, 0)).max().orElse(0);
  }
}
