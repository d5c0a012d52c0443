package io.pare.stage.recovery;

import io.pare.model.inference.InferenceSessions;
import io.pare.model.inference.TensorData;
import io.pare.stage.images.PreparedImage;
import io.pare.stage.network.Execution;
import io.pare.stage.network.NetworkOnExecutors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;

/**
 * What a task holds, and how it comes to the gradient of some images: the original says what should
 * come of their views, the network with its gradients what does.
 *
 * @param most images of one pass
 */
record GradientPass(
    NetworkOnExecutors original,
    NetworkOnExecutors gradient,
    Broadcast<List<PreparedImage>> images,
    DrawnViews views,
    Names names,
    WeightLayout layout,
    int most)
    implements Serializable {

  /**
   * Tensors of the gradient network.
   *
   * @param image input
   * @param loss output
   * @param features input with the weight of the feature maps; "" where there are none
   * @param targets inputs by output of the original
   * @param gradients outputs by trainable tensor
   */
  record Names(
      String image,
      String loss,
      String features,
      LinkedHashMap<String, String> targets,
      LinkedHashMap<String, String> gradients)
      implements Serializable {}

  /** The gradient of some images, the mean over them. */
  GradientSteps.ChunkGradient of(GradientSteps.Batch chunk, float[] weights) {
    int count = chunk.images().length;
    float[] drawn = drawn(chunk);
    int length = drawn.length / count;
    Map<String, TensorData> tensors = layout.asTensors(weights);
    List<GradientSteps.ChunkGradient> parts = new ArrayList<>();
    for (int first = 0; first < count; first += most) {
      int end = Math.min(count, first + most);
      float[] batch = Arrays.copyOfRange(drawn, first * length, end * length);
      parts.add(part(batch, end - first, chunk.features(), tensors));
    }
    GradientSteps.Step step = GradientSteps.added(parts, count);
    return new GradientSteps.ChunkGradient(count, step.loss(), step.gradient());
  }

  private GradientSteps.ChunkGradient part(
      float[] batch, int count, float features, Map<String, TensorData> weights) {
    Map<String, TensorData> given = new LinkedHashMap<>(weights);
    Execution execution = gradient.execution();
    given.put(names.image(), new TensorData(execution.input().batch(count), batch));
    if (!names.features().isEmpty()) {
      float[] weight = {features};
      given.put(names.features(), new TensorData(new long[0], weight));
    }
    try (InferenceSessions.Lease lease = original.lease()) {
      Map<String, TensorData> targets = lease.session().run(batch, count, execution.input());
      names.targets().forEach((tensor, input) -> given.put(input, targets.get(tensor)));
    }
    try (InferenceSessions.Lease lease = gradient.lease()) {
      return told(lease.session().run(given), count);
    }
  }

  private GradientSteps.ChunkGradient told(Map<String, TensorData> outputs, int count) {
    float loss = outputs.get(names.loss()).values()[0];
    float[] values = layout.joined(tensor -> outputs.get(names.gradients().get(tensor)).values());
    return new GradientSteps.ChunkGradient(count, loss, values);
  }

  private float[] drawn(GradientSteps.Batch chunk) {
    List<PreparedImage> all = images.value();
    return views.of(Arrays.stream(chunk.images()).mapToObj(all::get).toList(), chunk.seed());
  }
}
