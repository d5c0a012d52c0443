package io.pare.stage.recovery;

import io.pare.model.OnnxNetwork;
import io.pare.model.Tensors;
import io.pare.model.inference.TensorData;
import io.pare.model.proto.Onnx;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Where each trainable tensor lies among the weights, which travel and learn as one array.
 *
 * @param tensors in order
 */
record WeightLayout(ArrayList<Place> tensors) implements Serializable {

  /**
   * A tensor.
   *
   * @param name in the graph
   * @param dims of it
   * @param first index of its first value
   * @param count of its values
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Place(String name, long[] dims, int first, int count) implements Serializable {}

  /** The layout of some constants of a network. */
  static WeightLayout of(OnnxNetwork network, List<String> names) {
    ArrayList<Place> tensors = new ArrayList<>();
    int first = 0;
    for (String name : names) {
      Onnx.TensorProto tensor = network.constant(name).orElseThrow();
      int count = Math.toIntExact(Tensors.elements(tensor));
      tensors.add(new Place(name, Tensors.dims(tensor), first, count));
      first = Math.addExact(first, count);
    }
    return new WeightLayout(tensors);
  }

  /** Number of weights. */
  int size() {
    return tensors.isEmpty()
        ? 0
        : tensors.get(tensors.size() - 1).first() + tensors.get(tensors.size() - 1).count();
  }

  /** The values that a network has. */
  float[] read(OnnxNetwork network) {
    return joined(name -> Tensors.floats(network.constant(name).orElseThrow()));
  }

  /** The values by the name of their tensor. */
  Map<String, float[]> byName(float[] weights) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (Place place : tensors) {
      values.put(
          place.name(), Arrays.copyOfRange(weights, place.first(), place.first() + place.count()));
    }
    return values;
  }

  /** The values as tensors. */
  Map<String, TensorData> asTensors(float[] weights) {
    Map<String, float[]> data = byName(weights);
    Map<String, TensorData> values = new LinkedHashMap<>();
    for (Place place : tensors) {
      values.put(place.name(), new TensorData(place.dims(), data.get(place.name())));
    }
    return values;
  }

  /** One array of what there is for each tensor, by its name, each where its weights lie. */
  float[] joined(Function<String, float[]> values) {
    float[] joined = new float[size()];
    for (Place place : tensors) {
      System.arraycopy(values.apply(place.name()), 0, joined, place.first(), place.count());
    }
    return joined;
  }
}
