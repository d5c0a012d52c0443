package io.pare.stage.network;

import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.TensorData;
import io.pare.stage.images.ImageBatch;
import io.pare.stage.images.PreparedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs a network over the images of a block and gives the outputs of each image.
 *
 * @param session of the network
 * @param preprocessing whose first half has been applied
 * @param execution how the network is run
 */
record Classifier(InferenceSession session, Preprocessing preprocessing, Execution execution) {

  /** The first output of the network for each image, in their order. */
  List<float[]> outputs(List<PreparedImage> images) {
    List<float[]> outputs = new ArrayList<>(images.size());
    for (ImageBatch batch : ImageBatch.cut(images, execution.batchSize())) {
      outputs.addAll(
          byImage(
              session.run(batch.tensor(preprocessing), batch.size(), execution.input()),
              batch.size()));
    }
    return outputs;
  }

  /**
   * The first of a network's outputs, cut at its images.
   *
   * @param outputs by name, in the network's order
   */
  static List<float[]> byImage(Map<String, TensorData> outputs, int images) {
    float[] values = outputs.values().iterator().next().values();
    int classes = values.length / images;
    List<float[]> cut = new ArrayList<>(images);
    for (int k = 0; k < images; k++) {
      cut.add(Arrays.copyOfRange(values, k * classes, (k + 1) * classes));
    }
    return cut;
  }
}
