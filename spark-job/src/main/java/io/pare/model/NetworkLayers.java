package io.pare.model;

import io.pare.algorithm.structure.LayerCost;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The convolutions and fully connected layers of a network, in graph order.
 *
 * @param compressible those that can be replaced
 * @param kept those that stay, each with its reason
 */
public record NetworkLayers(List<Layer> compressible, List<KeptLayer> kept)
    implements Serializable {

  public NetworkLayers {
    compressible = List.copyOf(compressible);
    kept = List.copyOf(kept);
  }

  /**
   * Finds the layers of a network.
   *
   * @param shapes what was measured of it; with {@link NetworkShapes#unknown()} the layers have no
   *     geometry, and those with automatic padding are kept
   */
  public static NetworkLayers of(OnnxNetwork network, NetworkShapes shapes) {
    return new LayerFinder(network, shapes).find();
  }

  /**
   * The same with some of the compressible layers among the kept.
   *
   * @param reasons by name of the layer
   */
  public NetworkLayers keeping(Map<String, String> reasons) {
    List<KeptLayer> all = new ArrayList<>(kept);
    for (Layer layer : compressible) {
      if (reasons.containsKey(layer.name())) {
        all.add(
            new KeptLayer(
                layer.index(),
                layer.name(),
                layer.operator().onnx(),
                layer.cost().weights(),
                layer.cost().macs(),
                reasons.get(layer.name())));
      }
    }
    all.sort(Comparator.comparingInt(KeptLayer::index));
    return new NetworkLayers(
        compressible.stream().filter(layer -> !reasons.containsKey(layer.name())).toList(), all);
  }

  /** The compressible layer of that name. */
  public Optional<Layer> named(String name) {
    return compressible.stream().filter(layer -> layer.name().equals(name)).findFirst();
  }

  /** Weights and multiply-accumulates of all layers, kept ones included. */
  public LayerCost total() {
    return Stream.concat(compressible.stream().map(Layer::cost), kept.stream().map(KeptLayer::cost))
        .reduce(LayerCost.ZERO, LayerCost::plus);
  }
}
