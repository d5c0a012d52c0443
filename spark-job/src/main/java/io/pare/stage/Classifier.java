package io.pare.stage;

import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.inference.InferenceSession;
import io.pare.stage.PreparedBlock.PreparedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    for (ImageBatch batch :
        ImageBatch.cut(new PreparedBlock(0, images, List.of()), execution.batchSize())) {
      float[] values =
          session
              .run(batch.tensor(preprocessing), batch.size(), execution.input())
              .values()
              .iterator()
              .next()
              .values();
      int classes = values.length / batch.size();
      for (int k = 0; k < batch.size(); k++) {
        outputs.add(Arrays.copyOfRange(values, k * classes, (k + 1) * classes));
      }
    }
    return outputs;
  }
}
