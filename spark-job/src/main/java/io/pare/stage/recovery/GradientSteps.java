package io.pare.stage.recovery;

import io.pare.algorithm.learning.Adam;
import io.pare.algorithm.learning.WeightedMean;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.model.OnnxNetwork;
import io.pare.model.gradient.GradientNetwork;
import io.pare.stage.images.PreparedImage;
import io.pare.stage.network.Execution;
import io.pare.stage.network.NetworkOnExecutors;
import io.pare.stage.spark.TaskFailure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/**
 * Computes the gradient of a batch on the executors: cut into chunks of a fixed number of images,
 * whose gradients the driver adds in the order of the chunks, so that the bits depend on neither
 * executors nor partitions. Or lets each chunk take some steps on its own, and then their mean.
 * Both networks and the images are shipped once.
 */
public final class GradientSteps implements AutoCloseable {
  /** Images of a chunk: what one task takes. */
  private static final int CHUNK = 16;

  private final JavaSparkContext spark;
  private final GradientPass pass;
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
   * What the steps of all chunks came to.
   *
   * @param loss mean over batches and steps
   * @param state mean of those of the chunks
   */
  record Reached(double loss, Adam.State state) {}

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
        new GradientPass(
            NetworkOnExecutors.ship(
                spark, original.withOutputs(gradient.targets().keySet()).toBytes(), execution),
            NetworkOnExecutors.ship(spark, gradient.network().toBytes(), execution),
            spark.broadcast(images),
            new DrawnViews(preprocessing),
            new GradientPass.Names(
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
   */
  Step of(float[] weights, Batch batch) {
    List<Batch> chunks = batch.chunks();
    Broadcast<float[]> present = spark.broadcast(weights);
    try {
      return added(
          spark
              .parallelize(chunks, chunks.size())
              .map(new ComputeGradient(pass, present))
              .collect(),
          batch.images().length);
    } finally {
      present.destroy();
    }
  }

  /**
   * Steps that each chunk takes on its own, from one state, and the mean of what they come to: one
   * job and one sum for all of them.
   *
   * @param decay of the weights
   * @param turns at least one, of equally many images
   * @throws ArithmeticException where a chunk leaves what is finite
   */
  Reached apart(Adam.State state, double decay, List<Turn> turns) {
    List<List<Turn>> chunks = byChunk(turns);
    Broadcast<Adam.State> present = spark.broadcast(state);
    try {
      return mean(
          spark
              .parallelize(chunks, chunks.size())
              .map(new TakeSteps(pass, present, decay))
              .collect());
    } finally {
      present.destroy();
    }
  }

  /** The steps of each chunk. */
  private static List<List<Turn>> byChunk(List<Turn> turns) {
    List<List<Turn>> chunks = new ArrayList<>();
    for (Turn turn : turns) {
      List<Batch> parts = turn.batch().chunks();
      for (int k = 0; k < parts.size(); k++) {
        if (k == chunks.size()) {
          chunks.add(new ArrayList<>());
        }
        chunks.get(k).add(new Turn(parts.get(k), turn.rate()));
      }
    }
    return chunks;
  }

  /** The mean over all images. */
  static Step added(List<ChunkGradient> parts, int batch) {
    double[] shares = parts.stream().mapToDouble(part -> (double) part.images() / batch).toArray();
    double loss = 0;
    for (int k = 0; k < shares.length; k++) {
      loss += shares[k] * parts.get(k).loss();
    }
    return new Step(
        loss, WeightedMean.of(parts.stream().map(ChunkGradient::gradient).toList(), shares));
  }

  /** The mean over all images. */
  private static Reached mean(List<ChunkState> parts) {
    double images = parts.stream().mapToInt(ChunkState::images).sum();
    double[] shares = parts.stream().mapToDouble(part -> part.images() / images).toArray();
    double loss = 0;
    for (int k = 0; k < shares.length; k++) {
      ChunkState part = parts.get(k);
      if (!part.problem().isEmpty()) {
        throw new ArithmeticException("chunk " + k + " of a batch: " + part.problem());
      }
      loss += shares[k] * part.loss();
    }
    return new Reached(
        loss, Adam.State.mean(parts.stream().map(ChunkState::state).toList(), shares));
  }

  @Override
  public void close() {
    pass.images().destroy();
    pass.original().release();
    pass.gradient().release();
  }

  /**
   * Images that a step learns from, or a chunk of them.
   *
   * @param images places of the images
   * @param features weight of the feature maps
   * @param seed of their views
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Batch(int[] images, float features, long seed) implements Serializable {

    private List<Batch> chunks() {
      List<Batch> chunks = new ArrayList<>();
      for (int first = 0; first < images.length; first += CHUNK) {
        int end = Math.min(images.length, first + CHUNK);
        chunks.add(new Batch(Arrays.copyOfRange(images, first, end), features, seed));
      }
      return chunks;
    }
  }

  /**
   * A step on a batch.
   *
   * @param rate of it
   */
  public record Turn(Batch batch, double rate) implements Serializable {}

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
   * What the steps of a chunk came to.
   *
   * @param images number of them in each step
   * @param loss mean over the steps, before each
   * @param state after the last
   * @param problem why there are no more; "" where there is none
   */
  public record ChunkState(int images, double loss, Adam.State state, String problem) {}

  private static final class ComputeGradient implements Function<Batch, ChunkGradient> {
    private static final long serialVersionUID = 1L;
    private final GradientPass pass;
    private final Broadcast<float[]> weights;

    ComputeGradient(GradientPass pass, Broadcast<float[]> weights) {
      this.pass = pass;
      this.weights = weights;
    }

    @Override
    public ChunkGradient call(Batch chunk) {
      return TaskFailure.named(
          "recovery, a chunk of " + chunk.images().length + " images",
          () -> pass.of(chunk, weights.value()));
    }
  }

  private static final class TakeSteps implements Function<List<Turn>, ChunkState> {
    private static final long serialVersionUID = 1L;
    private final GradientPass pass;
    private final Broadcast<Adam.State> from;
    private final double decay;

    TakeSteps(GradientPass pass, Broadcast<Adam.State> from, double decay) {
      this.pass = pass;
      this.from = from;
      this.decay = decay;
    }

    @Override
    public ChunkState call(List<Turn> turns) {
      return TaskFailure.named(
          "recovery, " + turns.size() + " steps on a chunk of images", () -> taken(turns));
    }

    private ChunkState taken(List<Turn> turns) {
      Adam adam = new Adam(from.value(), decay);
      double loss = 0;
      for (Turn turn : turns) {
        ChunkGradient found = pass.of(turn.batch(), adam.weights());
        loss += found.loss() / turns.size();
        try {
          adam.step(found.gradient(), turn.rate());
        } catch (ArithmeticException e) {
          return new ChunkState(found.images(), loss, from.value(), e.getMessage());
        }
      }
      return new ChunkState(turns.get(0).batch().images().length, loss, adam.state(), "");
    }
  }
}
