package io.pare.model.rewrite;

import io.pare.model.Layer;
import io.pare.model.LayerNodes;
import io.pare.model.NetworkLayers;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final List<Layer> layers;
  private final Map<Layer, ChannelAxis> inputs = new LinkedHashMap<>();
  private final Map<Layer, ChannelAxis> outputs = new LinkedHashMap<>();
  private final Map<Integer, List<ChannelSource>> sources = new HashMap<>();
  private final BitSet pinned;

  private ChannelFlow(
      OnnxNetwork network, NetworkLayers found, NetworkShapes shapes, List<Layer> whole) {
    layers = found.compressible();
    Map<Layer, Onnx.NodeProto> nodes = new LinkedHashMap<>();
    layers.forEach(layer -> nodes.put(layer, LayerNodes.of(network, layer).main()));
    Set<Onnx.NodeProto> selective = Collections.newSetFromMap(new IdentityHashMap<>());
    selective.addAll(nodes.values());
    graph = new ChannelGraph(network, shapes, selective);
    whole.forEach(layer -> graph.read(layer.output()));
    pinned = graph.slots().pinned();
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
    outputs.forEach(
        (layer, axis) -> {
          for (int filter = 0; filter < axis.size(); filter++) {
            int root = graph.slots().root(axis.slots()[filter]);
            sources
                .computeIfAbsent(root, key -> new ArrayList<>(1))
                .add(new ChannelSource(layer, filter));
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
   * The filters that go when a layer, and every other that reads the same channel, drop it: one for
   * most channels, several where tensors are added up, none where the channel has to stay.
   *
   * @return one entry for each input channel
   */
  public List<List<ChannelSource>> sources(Layer consumer) {
    int channels = consumer.groups() * consumer.shape().inputChannels();
    return IntStream.range(0, channels)
        .mapToObj(
            channel ->
                Optional.ofNullable(inputs.get(consumer))
                    .map(axis -> removable(axis.slots()[channel]))
                    .orElse(List.of()))
        .toList();
  }

  private List<ChannelSource> removable(int slot) {
    return pinned.get(slot)
        ? List.of()
        : List.copyOf(sources.getOrDefault(graph.slots().root(slot), List.of()));
  }

  /** The compressible layers that read what a layer, or one added to it, computes; in order. */
  public List<Layer> consumers(Layer producer) {
    Set<Integer> written = roots(outputs, producer);
    return layers.stream()
        .filter(layer -> !Collections.disjoint(roots(inputs, layer), written))
        .toList();
  }

  private Set<Integer> roots(Map<Layer, ChannelAxis> axes, Layer layer) {
    Set<Integer> roots = new HashSet<>();
    if (axes.containsKey(layer)) {
      Arrays.stream(axes.get(layer).slots()).map(graph.slots()::root).forEach(roots::add);
    }
    return roots;
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
