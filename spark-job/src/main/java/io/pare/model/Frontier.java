package io.pare.model;

import io.pare.model.proto.Onnx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The border between what is settled in a network and what is not yet: the tensors from which all
 * that follows can be computed. A network that changes layer by layer is then run section by
 * section, from one frontier to the next, and hardly anything is computed twice.
 *
 * @param original network, whose layers tell the types of tensors
 * @param storable tensors that may be on the frontier, besides the network's input, each with a
 *     layer that reads or writes it or whose output it joins
 */
public record Frontier(OnnxNetwork original, Map<String, Layer> storable) {

  /**
   * The frontiers that run between layers: what these read and write and what joins their outputs
   * can be stored. Nothing can where the network fixes its batch, which cannot be told from the
   * other dimensions further down.
   */
  public static Frontier between(OnnxNetwork original, Collection<Layer> layers) {
    Map<String, Layer> storable = new HashMap<>();
    if (original.fixedBatch().isEmpty()) {
      for (Layer layer : layers) {
        storable.put(layer.output(), layer);
        if (!layer.summand().isEmpty()) {
          storable.putIfAbsent(layer.summand(), layer);
        }
        storable.put(layer.input(), layer);
      }
    }
    return new Frontier(original, storable);
  }

  /**
   * The tensors that open nodes read and settled ones write. Where one would not be storable, the
   * nodes that write it count as open too.
   *
   * @param network in its present state
   * @param open layers that are going to change; they and all that they feed are open
   */
  public Set<String> of(OnnxNetwork network, Collection<Layer> open) {
    Set<Onnx.NodeProto> openNodes = openNodes(network, open);
    Set<String> settled = new HashSet<>();
    for (Layer layer : open) {
      layer
          .sampled()
          .filter(
              tensor ->
                  network.producer(tensor).filter(node -> !openNodes.contains(node)).isPresent())
          .forEach(settled::add);
    }
    settled.retainAll(storable.keySet());
    List<Onnx.NodeProto> nodes = new ArrayList<>(network.nodes());
    Collections.reverse(nodes);
    Set<String> frontier = new LinkedHashSet<>();
    for (Onnx.NodeProto node : nodes) {
      if (!openNodes.contains(node)) {
        continue;
      }
      for (String read : GraphNames.reads(node)) {
        Optional<Onnx.NodeProto> writer = network.producer(read);
        if (network.constant(read).isPresent() || writer.filter(openNodes::contains).isPresent()) {
          continue;
        }
        if (storable.containsKey(read) || writer.isEmpty()) {
          frontier.add(read);
        } else {
          // The nodes are walked from the last to the first, so this one is still to come.
          openNodes.add(writer.get());
        }
      }
    }
    for (Layer layer : open) {
      // A node with several outputs may be open for one of them while a layer waits for another.
      layer.sampled().filter(settled::contains).forEach(frontier::add);
    }
    return frontier;
  }

  private static Set<Onnx.NodeProto> openNodes(OnnxNetwork network, Collection<Layer> open) {
    Set<Onnx.NodeProto> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Layer layer : open) {
      nodes.add(LayerNodes.of(network, layer).main());
      LayerNodes.sharers(network, layer).forEach(sharer -> nodes.add(sharer.main()));
    }
    Set<String> openTensors = new HashSet<>();
    for (Onnx.NodeProto node : network.nodes()) {
      if (nodes.contains(node) || GraphNames.reads(node).stream().anyMatch(openTensors::contains)) {
        nodes.add(node);
        openTensors.addAll(node.getOutputList());
      }
    }
    return nodes;
  }

  /** The tensors that change with some layers: those that they write and all that follows. */
  public static Set<String> reached(OnnxNetwork network, Collection<Layer> open) {
    Set<String> reached = new HashSet<>();
    openNodes(network, open).forEach(node -> reached.addAll(node.getOutputList()));
    return reached;
  }

  /** How many values a tensor has for one image; empty where it cannot be stored. */
  public OptionalLong values(String tensor) {
    Layer layer = storable.get(tensor);
    if (layer == null) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        tensor.equals(layer.input()) ? layer.inputValues() : layer.outputValues());
  }

  /**
   * The part of a network that begins at some tensors.
   *
   * @param network in its present state
   * @param given tensors that need not be computed: storable ones and the network's input
   * @param tensors to compute, none of them given
   */
  public OnnxNetwork section(
      OnnxNetwork network, Collection<String> given, Collection<String> tensors) {
    List<Onnx.ValueInfoProto> inputs = new ArrayList<>();
    for (String tensor : given) {
      if (!tensor.equals(network.inputName())) {
        inputs.add(declared(tensor, storable.get(tensor)));
      }
    }
    inputs.add(network.input());
    return Probe.cut(network, tensors, inputs);
  }

  private Onnx.ValueInfoProto declared(String name, Layer layer) {
    Onnx.TypeProto.Tensor type =
        Onnx.TypeProto.Tensor.newBuilder()
            .setElemType(LayerWeights.type(original, layer).getNumber())
            .build();
    return Onnx.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(Onnx.TypeProto.newBuilder().setTensorType(type))
        .build();
  }
}
