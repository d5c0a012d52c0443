package io.pare.plan;

import io.pare.algorithm.structure.Structure;
import io.pare.model.Layer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * The time of layers in the structures that they may take: measured for some steps of each form and
 * for what is on no path, interpolated by multiply-accumulates in between. Immutable.
 */
public final class LayerTimes {
  /**
   * Channels that ONNX Runtime's convolutions compute together, or half of them with AVX-512: ranks
   * within one block take the same time (algorithm.md, section 5).
   */
  public static final int BLOCK = 8;

  private static final double NANOSECONDS = 1e6;

  private final Map<Layer, Map<String, NavigableMap<Long, Double>>> times = new HashMap<>();

  /** No times. */
  public static LayerTimes none() {
    return new LayerTimes();
  }

  private LayerTimes() {}

  /**
   * Measures layers as they are and as their candidates; a layer may be there several times.
   *
   * @param timer gives the milliseconds of a layer in each of some structures
   */
  public static LayerTimes measured(
      List<LayerOptions> options, BiFunction<Layer, List<Structure>, List<Double>> timer) {
    LayerTimes result = new LayerTimes();
    for (LayerOptions layer : options) {
      if (layer.layer().geometry().isKnown()) {
        measure(layer, timer, result.times.computeIfAbsent(layer.layer(), its -> new HashMap<>()));
      }
    }
    return result;
  }

  private static void measure(
      LayerOptions options,
      BiFunction<Layer, List<Structure>, List<Double>> timer,
      Map<String, NavigableMap<Long, Double>> byForm) {
    List<LayerCandidate> candidates = options.timed();
    List<Structure> structures = candidates.stream().map(c -> c.structures().get(0)).toList();
    List<Double> milliseconds = timer.apply(options.layer(), structures);
    for (int k = 0; k < candidates.size(); k++) {
      LayerCandidate candidate = candidates.get(k);
      byForm
          .computeIfAbsent(form(candidate), form -> new TreeMap<>())
          .merge(candidate.cost().macs(), NANOSECONDS * milliseconds.get(k), Math::min);
    }
  }

  private static String form(LayerCandidate candidate) {
    return candidate.family().map(Enum::name).orElse("");
  }

  /**
   * The time of a candidate for one image; 0 where the layer was not measured.
   *
   * @return nanoseconds
   */
  double nanoseconds(Layer layer, LayerCandidate candidate) {
    NavigableMap<Long, Double> line =
        times.getOrDefault(layer, Map.of()).getOrDefault(form(candidate), new TreeMap<>());
    if (line.isEmpty()) {
      return 0;
    }
    long macs = candidate.cost().macs();
    Map.Entry<Long, Double> below = line.floorEntry(macs);
    Map.Entry<Long, Double> above = line.ceilingEntry(macs);
    if (below == null || above == null) {
      Map.Entry<Long, Double> nearest = below == null ? above : below;
      return nearest.getValue() * macs / Math.max(1, nearest.getKey());
    }
    if (below.getKey().equals(above.getKey())) {
      return below.getValue();
    }
    double share = (double) (macs - below.getKey()) / (above.getKey() - below.getKey());
    return below.getValue() + share * (above.getValue() - below.getValue());
  }

  /** The candidates that are faster than the layer as it is, which stays among them. */
  List<LayerCandidate> faster(Layer layer, List<LayerCandidate> candidates) {
    double asItIs = nanoseconds(layer, LayerCandidate.keep(layer));
    return candidates.stream().filter(c -> c.isKeep() || nanoseconds(layer, c) < asItIs).toList();
  }
}
