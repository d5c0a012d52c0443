package io.pare.stage.network;

import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.Frontier;
import io.pare.model.Layer;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.TensorData;
import io.pare.model.rewrite.ModelRewriter;
import io.pare.model.rewrite.Replacement;
import io.pare.stage.images.ImageBatch;
import io.pare.stage.images.PreparedImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network with each of several replacements of one layer in place. What comes before the layer is
 * the same in all of them, so it is run once. Not thread-safe.
 */
final class LayerTrials implements AutoCloseable {
  private final Execution execution;
  private final int batchSize;
  private final String input;
  private final List<InferenceSession> after = new ArrayList<>();
  private Optional<InferenceSession> before = Optional.empty();

  /**
   * Loads the networks.
   *
   * @param original network
   * @param layers of the network, between which it can be cut
   * @param replacements of one and the same layer
   */
  LayerTrials(
      OnnxNetwork original,
      Collection<Layer> layers,
      List<Replacement> replacements,
      Execution execution) {
    this.execution = execution;
    input = original.inputName();
    Frontier between = Frontier.between(original, layers);
    Set<String> frontier = between.of(original, List.of(replacements.get(0).layer()));
    List<String> computed = frontier.stream().filter(tensor -> !tensor.equals(input)).toList();
    batchSize =
        execution.batchFor(
            computed.stream().mapToLong(tensor -> between.values(tensor).orElseThrow()).sum());
    try {
      if (!computed.isEmpty()) {
        before = Optional.of(open(original.withOutputs(computed)));
      }
      for (Replacement replacement : replacements) {
        OnnxNetwork changed = ModelRewriter.rewrite(original, List.of(replacement), Map.of());
        after.add(open(between.section(changed, computed, List.of(original.outputName()))));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private InferenceSession open(OnnxNetwork network) {
    return InferenceSession.open(network.toBytes(), execution.threads());
  }

  /**
   * Runs all of them.
   *
   * @param preprocessing of the images, whose first half has been applied
   * @return of each replacement, the network's first output for each image
   */
  List<List<float[]>> outputs(List<PreparedImage> images, Preprocessing preprocessing) {
    List<List<float[]>> outputs = new ArrayList<>();
    after.forEach(session -> outputs.add(new ArrayList<>()));
    for (ImageBatch batch : ImageBatch.cut(images, batchSize)) {
      float[] pixels = batch.tensor(preprocessing);
      Map<String, TensorData> known = known(pixels, batch.size());
      for (int k = 0; k < after.size(); k++) {
        Map<String, TensorData> results =
            known.isEmpty()
                ? after.get(k).run(pixels, batch.size(), execution.input())
                : after.get(k).run(known);
        outputs.get(k).addAll(Classifier.byImage(results, batch.size()));
      }
    }
    return outputs;
  }

  /** What the layer and all behind it read; nothing where that is the images alone. */
  private Map<String, TensorData> known(float[] pixels, int images) {
    Map<String, TensorData> known = new LinkedHashMap<>();
    before.ifPresent(
        session -> {
          known.putAll(session.run(pixels, images, execution.input()));
          known.put(input, new TensorData(execution.input().batch(images), pixels));
        });
    return known;
  }

  @Override
  public void close() {
    after.forEach(InferenceSession::close);
    before.ifPresent(InferenceSession::close);
  }
}
