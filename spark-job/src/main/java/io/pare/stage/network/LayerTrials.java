package io.pare.stage.network;

import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.Frontier;
import io.pare.model.Layer;
import io.pare.model.OnnxNetwork;
import io.pare.model.inference.InferenceSession;
import io.pare.model.inference.Pass;
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
import java.util.stream.Stream;

/**
 * A network with each of several replacements of one layer in place. What comes before the layer is
 * the same in all of them, so it is run once. Not thread-safe.
 */
final class LayerTrials implements AutoCloseable {
  private final Execution execution;
  private final int trials;
  private final int batchSize;
  private final String input;
  private final List<String> computed;
  private final List<String> settled;
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
    trials = replacements.size();
    input = original.inputName();
    Frontier between = Frontier.between(original, layers);
    List<Layer> open = List.of(replacements.get(0).layer());
    Set<String> frontier = between.of(original, open);
    List<String> outputs = execution.outputs().names();
    Set<String> reached = Frontier.reached(original, open);
    settled = outputs.stream().filter(output -> !reached.contains(output)).toList();
    List<String> follow = outputs.stream().filter(output -> !settled.contains(output)).toList();
    computed = frontier.stream().filter(tensor -> !tensor.equals(input)).toList();
    batchSize =
        execution.batchFor(
            Math.max(
                execution.outputs().values(),
                computed.stream().mapToLong(tensor -> between.values(tensor).orElseThrow()).sum()));
    try {
      List<String> first = Stream.concat(computed.stream(), settled.stream()).distinct().toList();
      if (!first.isEmpty()) {
        before = Optional.of(open(original.withOutputs(first)));
      }
      for (Replacement replacement : follow.isEmpty() ? List.<Replacement>of() : replacements) {
        OnnxNetwork changed = ModelRewriter.rewrite(original, List.of(replacement), Map.of());
        after.add(open(between.section(changed, computed, follow)));
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
   * @return of each replacement, what is compared of the network's outputs for each image
   */
  List<List<float[]>> outputs(List<PreparedImage> images, Preprocessing preprocessing) {
    List<List<float[]>> outputs = new ArrayList<>();
    for (int k = 0; k < trials; k++) {
      outputs.add(new ArrayList<>());
    }
    for (ImageBatch batch : ImageBatch.cut(images, batchSize)) {
      float[] pixels = batch.tensor(preprocessing);
      List<Pass> known =
          before
              .map(session -> session.passes(pixels, batch.size(), execution.input()))
              .orElse(List.of());
      for (int k = 0; k < trials; k++) {
        outputs.get(k).addAll(byImage(known, following(k, known, pixels, batch.size())));
      }
    }
    return outputs;
  }

  /** What comes behind the layer in one of the trials. */
  private List<Pass> following(int trial, List<Pass> known, float[] pixels, int images) {
    if (after.isEmpty()) {
      return known;
    }
    if (computed.isEmpty()) {
      return after.get(trial).passes(pixels, images, execution.input());
    }
    Map<String, TensorData> tensors = new LinkedHashMap<>(known.get(0).outputs());
    tensors.put(input, new TensorData(execution.input().batch(images), pixels));
    return List.of(new Pass(after.get(trial).run(tensors), images, images));
  }

  private List<float[]> byImage(List<Pass> known, List<Pass> following) {
    List<float[]> outputs = new ArrayList<>();
    for (int k = 0; k < following.size(); k++) {
      Pass pass = following.get(k);
      Map<String, TensorData> all = new LinkedHashMap<>(pass.outputs());
      for (String output : settled) {
        all.put(output, known.get(k).outputs().get(output));
      }
      outputs.addAll(execution.outputs().byImage(all, pass.size(), pass.images()));
    }
    return outputs;
  }

  @Override
  public void close() {
    after.forEach(InferenceSession::close);
    before.ifPresent(InferenceSession::close);
  }
}
