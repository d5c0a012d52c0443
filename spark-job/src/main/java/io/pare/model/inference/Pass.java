package io.pare.model.inference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run of a network gave for some of the images of a batch.
 *
 * @param outputs those that hold floats, by name; halves and doubles as floats
 * @param images how many of a batch, at least 1
 * @param size images that the run took: these, and zeros where it takes more
 */
public record Pass(Map<String, TensorData> outputs, int images, int size) {

  /** The outputs for the whole batch, one part after the other along the first axis. */
  static Map<String, TensorData> joined(List<Pass> passes) {
    Pass only = passes.get(0);
    if (passes.size() == 1 && only.size == only.images) {
      return only.outputs;
    }
    int images = passes.stream().mapToInt(Pass::images).sum();
    Map<String, TensorData> joined = new LinkedHashMap<>();
    int first = 0;
    for (Pass pass : passes) {
      for (Map.Entry<String, TensorData> output : pass.outputs.entrySet()) {
        TensorData part = output.getValue();
        if (part.shape().length == 0 || part.values().length % pass.size != 0) {
          joined.put(output.getKey(), part);
          continue;
        }
        int size = part.values().length / pass.size;
        TensorData whole =
            joined.computeIfAbsent(output.getKey(), key -> pass.room(part, size, images));
        System.arraycopy(part.values(), 0, whole.values(), first * size, pass.images * size);
      }
      first += pass.images;
    }
    return joined;
  }

  private TensorData room(TensorData part, int valuesOfImage, int all) {
    long[] shape = part.shape().clone();
    shape[0] = shape[0] * all / size;
    return new TensorData(shape, new float[Math.multiplyExact(all, valuesOfImage)]);
  }
}
