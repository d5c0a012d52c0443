package io.pare.model.rewrite;

import io.pare.model.Layer;
import io.pare.model.LayerNodes;
import io.pare.model.NetworkLayers;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Who computes the channels that a layer reads (algorithm.md, section 6): what a plan saves
 * elsewhere when a layer drops some of them. Says of the original network, before anything is
 * rewritten, what {@link DeadChannels} will remove afterwards. Immutable and thread-safe.
 *
 * <p>The input channels of a layer are counted over all of its groups; those of a fully connected
 * layer are its columns.
 */
public final class ChannelFlow {
  private final ChannelGraph graph;
  private final Map<Layer, ChannelAxis> inputs = new LinkedHashMap<>();
  private final Map<Layer, ChannelAxis> outputs = new LinkedHashMap<>();

  private ChannelFlow(
      OnnxNetwork network, NetworkLayers found, NetworkShapes shapes, List<Layer> whole) {
    Map<Layer, Onnx.NodeProto> nodes = new LinkedHashMap<>();
    found.compressible().forEach(layer -> nodes.put(layer, LayerNodes.of(network, layer).main()));
    Set<Onnx.NodeProto> selective = Collections.newSetFromMap(new IdentityHashMap<>());
    selective.addAll(nodes.values());
    graph = new ChannelGraph(network, shapes, selective);
    whole.forEach(layer -> graph.read(layer.output()));
    nodes.forEach(
        (layer, node) -> {
          graph
              .axis(layer.input())
              .filter(axis -> graph.isSelective(node))
              .ifPresent(axis -> inputs.put(layer, axis));
          if (graph.isProducer(node)) {
            outputs.put(layer, graph.axis(node.getOutput(0)).orElseThrow());
          }
        });
  }

  /**
   * Follows the channels of a network.
   *
   * @param layers found in it
   * @param shapes of it; channels are followed through a Flatten only where they tell its size
   * @param whole layers that keep all of their filters
   */
  public static ChannelFlow of(
      OnnxNetwork network, NetworkLayers layers, NetworkShapes shapes, List<Layer> whole) {
    return new ChannelFlow(network, layers, shapes, whole);
  }

  /**
   * Neighbouring input channels of a layer that one filter computes: those that a Flatten lays side
   * by side, as many as the filter has positions; 1 where there are none, or not the same number
   * for every filter.
   */
  public int together(Layer layer) {
    int[] slots = inputs.containsKey(layer) ? inputs.get(layer).slots() : new int[0];
    int size = (int) Arrays.stream(slots).takeWhile(slot -> slot == slots[0]).count();
    boolean even =
        size > 0
            && slots.length % size == 0
            && IntStream.range(0, slots.length).allMatch(k -> slots[k] == slots[k - k % size]);
    return even ? size : 1;
  }

  /**
   * The filters that nobody reads once layers read only some of their channels.
   *
   * @param kept the channels that a layer still reads, ascending; a layer that is not among them
   *     reads all of its channels
   * @return by layer, ascending; layers that lose none are left out. At least one filter stays
   */
  public Map<Layer, int[]> unread(Map<Layer, int[]> kept) {
    BitSet read = new BitSet();
    inputs.forEach(
        (layer, axis) -> {
          int[] channels = kept.getOrDefault(layer, IntStream.range(0, axis.size()).toArray());
          Arrays.stream(channels).forEach(channel -> read.set(axis.slots()[channel]));
        });
    BitSet live = graph.slots().live(read);
    Map<Layer, int[]> unread = new LinkedHashMap<>();
    outputs.forEach(
        (layer, axis) -> {
          int[] filters =
              IntStream.range(0, axis.size()).filter(f -> !live.get(axis.slots()[f])).toArray();
          if (filters.length > 0) {
            unread.put(layer, filters);
          }
        });
    return unread;
  }
}
