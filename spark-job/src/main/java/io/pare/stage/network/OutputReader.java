package io.pare.stage.network;

import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.Pass;
import io.pare.model.output.NetworkOutputs;
import io.pare.stage.images.ImageBatch;
import io.pare.stage.images.PreparedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a network over images and gives what is compared of its outputs for each.
 *
 * @param session of the network
 * @param preprocessing whose first half has been applied
 * @param execution how the network is run
 * @param outputs of the network
 */
record OutputReader(
    InferenceSession session,
    Preprocessing preprocessing,
    Execution execution,
    NetworkOutputs outputs) {

  /** For each image, in their order, all outputs one after the other. */
  List<float[]> outputs(List<PreparedImage> images) {
    List<float[]> read = new ArrayList<>(images.size());
    int most = execution.batchFor(outputs.values());
    for (ImageBatch batch : ImageBatch.cut(images, most)) {
      for (Pass pass :
          session.passes(batch.tensor(preprocessing), batch.size(), execution.input())) {
        read.addAll(outputs.byImage(pass.outputs(), pass.size(), pass.images()));
      }
    }
    return read;
  }
}
