package io.pare.stage.recovery;

import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.OnnxNetwork;
import io.pare.model.gradient.GradientNetwork;
import io.pare.model.inference.InferenceSessions;
import io.pare.model.inference.TensorData;
import io.pare.stage.images.PreparedImage;
import io.pare.stage.network.Execution;
import io.pare.stage.network.NetworkOnExecutors;
import io.pare.stage.spark.TaskFailure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/**
 * Computes the gradient of a batch on the executors: cut into chunks of a fixed number of images,
 * whose gradients the driver adds in the order of the chunks, so that the bits depend on neither
 * executors nor partitions. Both networks and the images are shipped once.
 */
public final class GradientSteps implements AutoCloseable {
  /** Images of a chunk: what one task takes. */
  private static final int CHUNK = 16;

  private final JavaSparkContext spark;
  private final Pass pass;
  private final int images;

  /**
   * What a step found.
   *
   * @param loss mean over the batch; it and the gradient may not be finite
   * @param gradient of it, an entry for each weight
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Step(double loss, float[] gradient) {}

  /**
   * The networks of a step.
   *
   * @param original network, whose outputs are the targets
   * @param gradient the network with its gradients
   * @param valuesPerImage about as many as a pass of it holds: large ones take few images at once
   */
  record Networks(OnnxNetwork original, GradientNetwork gradient, long valuesPerImage) {}

  /**
   * Ships what every step needs.
   *
   * @param layout of the trainable tensors
   * @param images to learn from
   */
  GradientSteps(
      JavaSparkContext spark,
      Execution execution,
      Networks networks,
      WeightLayout layout,
      List<PreparedImage> images,
      Preprocessing preprocessing) {
    OnnxNetwork original = networks.original();
    GradientNetwork gradient = networks.gradient();
    this.spark = spark;
    this.images = images.size();
    pass =
        new Pass(
            NetworkOnExecutors.ship(
                spark, original.withOutputs(gradient.targets().keySet()).toBytes(), execution),
            NetworkOnExecutors.ship(spark, gradient.network().toBytes(), execution),
            spark.broadcast(images),
            new DrawnViews(preprocessing),
            new Names(
                original.inputName(),
                gradient.loss(),
                gradient.weight().orElse(""),
                new LinkedHashMap<>(gradient.targets()),
                new LinkedHashMap<>(gradient.gradients())),
            layout,
            execution.batchFor(networks.valuesPerImage()));
  }

  /** Number of images to learn from. */
  int images() {
    return images;
  }

  /** Says in the Spark UI what the jobs that follow are for. */
  void describe(String what) {
    spark.setJobDescription(what);
  }

  /**
   * The gradient of one batch.
   *
   * @param weights present values
   * @param batch places of its images
   * @param features weight of the feature maps
   * @param seed of their views
   */
  Step of(float[] weights, int[] batch, double features, long seed) {
    List<Chunk> chunks = new ArrayList<>();
    for (int first = 0; first < batch.length; first += CHUNK) {
      int count = Math.min(CHUNK, batch.length - first);
      int[] images = Arrays.copyOfRange(batch, first, first + count);
      chunks.add(new Chunk(images, (float) features, seed));
    }
    Broadcast<float[]> present = spark.broadcast(weights);
    try {
      List<ChunkGradient> parts =
          spark
              .parallelize(chunks, chunks.size())
              .map(new ComputeGradient(pass, present))
              .collect();
      return added(parts, batch.length);
    } finally {
      present.destroy();
    }
  }

  /** The mean over all images. */
  private static Step added(List<ChunkGradient> parts, int batch) {
    double loss = 0;
    double[] sums = new double[parts.get(0).gradient().length];
    for (ChunkGradient part : parts) {
      double share = (double) part.images() / batch;
      loss += share * part.loss();
      for (int k = 0; k < sums.length; k++) {
        sums[k] += share * part.gradient()[k];
      }
    }
    float[] gradient = new float[sums.length];
    for (int k = 0; k < sums.length; k++) {
      gradient[k] = (float) sums[k];
    }
    return new Step(loss, gradient);
  }

  @Override
  public void close() {
    pass.images().destroy();
    pass.original().release();
    pass.gradient().release();
  }

  /**
   * What a task computes.
   *
   * @param images places of the images
   * @param features weight of the feature maps
   * @param seed of their views
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Chunk(int[] images, float features, long seed) implements Serializable {}

  /**
   * The gradient of a chunk.
   *
   * @param images number of them
   * @param loss mean over them
   * @param gradient of it, an entry for each weight
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record ChunkGradient(int images, double loss, float[] gradient) {}

  /**
   * Tensors of the gradient network.
   *
   * @param image input
   * @param loss output
   * @param features input with the weight of the feature maps; "" where there are none
   * @param targets inputs by output of the original
   * @param gradients outputs by trainable tensor
   */
  private record Names(
      String image,
      String loss,
      String features,
      LinkedHashMap<String, String> targets,
      LinkedHashMap<String, String> gradients)
      implements Serializable {}

  /**
   * What tasks hold.
   *
   * @param most images of one pass
   */
  private record Pass(
      NetworkOnExecutors original,
      NetworkOnExecutors gradient,
      Broadcast<List<PreparedImage>> images,
      DrawnViews views,
      Names names,
      WeightLayout layout,
      int most)
      implements Serializable {}

  private static final class ComputeGradient implements Function<Chunk, ChunkGradient> {
    private static final long serialVersionUID = 1L;
    private final Pass pass;
    private final Broadcast<float[]> weights;

    ComputeGradient(Pass pass, Broadcast<float[]> weights) {
      this.pass = pass;
      this.weights = weights;
    }

    @Override
    public ChunkGradient call(Chunk chunk) {
      return TaskFailure.named(
          "recovery, a chunk of " + chunk.images().length + " images", () -> gradient(chunk));
    }

    private ChunkGradient gradient(Chunk chunk) {
      int count = chunk.images().length;
      float[] views = views(chunk);
      int length = views.length / count;
      Map<String, TensorData> weights = pass.layout().asTensors(this.weights.value());
      List<ChunkGradient> parts = new ArrayList<>();
      for (int first = 0; first < count; first += pass.most()) {
        int end = Math.min(count, first + pass.most());
        float[] batch = Arrays.copyOfRange(views, first * length, end * length);
        parts.add(gradient(batch, end - first, chunk.features(), weights));
      }
      Step step = added(parts, count);
      return new ChunkGradient(count, step.loss(), step.gradient());
    }

    private ChunkGradient gradient(
        float[] batch, int count, float features, Map<String, TensorData> weights) {
      Map<String, TensorData> given = new LinkedHashMap<>(weights);
      Execution execution = pass.gradient().execution();
      given.put(pass.names().image(), new TensorData(execution.input().batch(count), batch));
      if (!pass.names().features().isEmpty()) {
        float[] weight = {features};
        given.put(pass.names().features(), new TensorData(new long[0], weight));
      }
      try (InferenceSessions.Lease lease = pass.original().lease()) {
        Map<String, TensorData> targets = lease.session().run(batch, count, execution.input());
        pass.names().targets().forEach((tensor, input) -> given.put(input, targets.get(tensor)));
      }
      try (InferenceSessions.Lease lease = pass.gradient().lease()) {
        return told(lease.session().run(given), count);
      }
    }

    private ChunkGradient told(Map<String, TensorData> outputs, int count) {
      float loss = outputs.get(pass.names().loss()).values()[0];
      Map<String, String> names = pass.names().gradients();
      float[] gradient = pass.layout().joined(tensor -> outputs.get(names.get(tensor)).values());
      return new ChunkGradient(count, loss, gradient);
    }

    private float[] views(Chunk chunk) {
      List<PreparedImage> all = pass.images().value();
      return pass.views()
          .of(Arrays.stream(chunk.images()).mapToObj(all::get).toList(), chunk.seed());
    }
  }
}
