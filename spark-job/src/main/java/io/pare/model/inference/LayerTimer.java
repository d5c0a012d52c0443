package io.pare.model.inference;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Structure;
import io.pare.algorithm.structure.Window;
import io.pare.model.Layer;
import io.pare.model.quantization.Precision;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Measures the time of one layer in ONNX Runtime on the CPU, as it is or in the structures that may
 * replace it (algorithm.md, section 5). Time does not depend on weights, so those are drawn at
 * random; what it depends on is measured once and remembered, and layers of equal shape share it.
 * What one call asks for is run in turns. Thread-safe; one measurement at a time.
 */
public final class LayerTimer {
  private final int batch;
  private final int threads;
  private final Precision precision;
  private final Repeats repeats;
  private final Map<Key, Double> medians = new HashMap<>();

  /** All that the time of a layer depends on. */
  private record Key(
      Layer.Operator operator,
      LayerShape shape,
      int groups,
      Window window,
      Geometry geometry,
      Activation activation,
      String structure) {}

  /**
   * A timer without memories.
   *
   * @param batch images in a batch, at least 1
   * @param threads threads inside an operator, at least 1
   * @param precision that layers are timed in. In eight bits all structures of a layer are measured
   *     with the coding of what it reads and the decoding of what it writes, which neighbours
   *     share: differences between them are right, ratios too near to 1
   */
  public LayerTimer(int batch, int threads, Precision precision, Repeats repeats) {
    if (batch < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "a batch of %d images on %d threads cannot be timed".formatted(batch, threads));
    }
    this.batch = batch;
    this.threads = threads;
    this.precision = precision;
    this.repeats = repeats;
  }

  /**
   * The median times of the layer in several structures, taken in turns.
   *
   * @param layer with a known geometry
   * @return milliseconds for one batch, in the order of the structures
   * @throws IllegalArgumentException if the layer's geometry is not known
   */
  public synchronized List<Double> medianMilliseconds(Layer layer, List<Structure> structures) {
    Map<Key, Structure> missing = new LinkedHashMap<>();
    for (Structure structure : structures) {
      Key key = key(layer, structure);
      if (!medians.containsKey(key)) {
        missing.put(key, structure);
      }
    }
    if (!missing.isEmpty()) {
      measure(layer, missing);
    }
    return structures.stream().map(structure -> medians.get(key(layer, structure))).toList();
  }

  private void measure(Layer layer, Map<Key, Structure> missing) {
    SingleLayer single = new SingleLayer(layer, batch);
    List<Supplier<TimedSession>> openers =
        missing.values().stream()
            .<Supplier<TimedSession>>map(
                structure ->
                    () ->
                        TimedSession.open(
                            precision.draft(single.network(structure)).toBytes(),
                            single.dims(),
                            threads))
            .toList();
    double[] times = TimedSession.measure(openers, repeats);
    List<Key> keys = List.copyOf(missing.keySet());
    IntStream.range(0, times.length).forEach(i -> medians.put(keys.get(i), times[i]));
  }

  /** How many different layers and structures have been measured. */
  public synchronized int measurements() {
    return medians.size();
  }

  private static Key key(Layer layer, Structure structure) {
    return new Key(
        layer.operator(),
        layer.shape(),
        layer.groups(),
        layer.window(),
        layer.geometry(),
        layer.activation(),
        structure.label());
  }
}
