package io.pare.model.output;

import io.pare.model.InputShape;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.proto.Onnx;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The feature maps that two networks can be compared at beside their outputs. Stateless. */
public final class FeatureMaps {
  private static final int MAP_AXES = 4;
  private static final int FIRST_SPATIAL = 2;

  private FeatureMaps() {}

  /**
   * For each size of maps the last one, in the order of the graph, that both networks compute in
   * the same shape: where the one block of layers hands over to the next.
   *
   * @throws io.pare.InputException if ONNX Runtime cannot run one of them
   */
  public static List<String> ofBlocks(
      OnnxNetwork original, OnnxNetwork compressed, InputShape image) {
    NetworkShapes before = ShapeMeasurement.everywhere(original, image, 1);
    NetworkShapes after = ShapeMeasurement.everywhere(compressed, image, 1);
    Map<List<Long>, String> last = new LinkedHashMap<>();
    for (Onnx.NodeProto node : compressed.nodes()) {
      for (String tensor : node.getOutputList()) {
        Optional<long[]> shape = after.of(tensor).filter(found -> isMap(found));
        if (shape.isPresent()
            && before.of(tensor).filter(of -> Arrays.equals(of, shape.get())).isPresent()) {
          long[] dims = shape.get();
          last.put(List.of(dims[FIRST_SPATIAL], dims[FIRST_SPATIAL + 1]), tensor);
        }
      }
    }
    return List.copyOf(last.values());
  }

  private static boolean isMap(long[] dims) {
    return dims.length == MAP_AXES && dims[FIRST_SPATIAL] * dims[FIRST_SPATIAL + 1] > 1;
  }
}
