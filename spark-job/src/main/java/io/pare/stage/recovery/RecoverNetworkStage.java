package io.pare.stage.recovery;

import io.pare.algorithm.learning.Batches;
import io.pare.algorithm.learning.Extent;
import io.pare.algorithm.learning.StepRule;
import io.pare.model.NetworkLayers;
import io.pare.model.NetworkShapes;
import io.pare.model.OnnxNetwork;
import io.pare.model.gradient.DistillationLoss;
import io.pare.model.gradient.GradientNetwork;
import io.pare.model.inference.ShapeMeasurement;
import io.pare.model.output.FeatureMaps;
import io.pare.stage.images.HeldOut;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.images.PreparedImage;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.network.Execution;
import io.pare.stage.spark.Checkpoints;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a compressed network learn the original's outputs again, without labels: steps of {@link
 * io.pare.algorithm.learning.Adam} along the gradient of the divergence, on the images that the
 * fits have seen, in drawn views (algorithm.md section 10). The images that judge the fits judge it
 * too: the weights with the least divergence on them are kept, and none where that is no less than
 * at the start.
 */
public final class RecoverNetworkStage {
  private static final Logger LOG = LoggerFactory.getLogger(RecoverNetworkStage.class);

  private static final String TOO_FEW =
      "there would be fewer than 160 steps, which teach little: recover-share or the number of images allows no more";

  /** Forward passes that a pass with all gradients is counted as. */
  private static final int PASSES = 6;

  /** Of the pixels that the driver and each executor hold: fewer images are used beyond. */
  private static final long MOST_BYTES = 256L << 20;

  private final JavaSparkContext spark;
  private final Execution execution;

  /**
   * What is to be done.
   *
   * @param original network that is learned from
   * @param compressed network that learns; takes the same images
   * @param trainable its initializers that may change
   * @param heldOut which images judge
   * @param extent how long it learns
   * @param temperature that class scores are divided by, above 0
   * @param features weight of the feature maps at block ends at the start, at least 0
   * @param rule how gradients become steps
   */
  public record Request(
      OnnxNetwork original,
      OnnxNetwork compressed,
      List<String> trainable,
      HeldOut heldOut,
      Extent extent,
      double temperature,
      double features,
      StepRule rule) {}

  /** A stage on a running Spark application. */
  public RecoverNetworkStage(JavaSparkContext spark, Execution execution) {
    this.spark = spark;
    this.execution = execution;
  }

  /**
   * Learns.
   *
   * @param images calibration images
   * @param checkpoints progress of earlier runs on the same request
   */
  public Recovery run(Request request, PreparedImages images, Checkpoints checkpoints) {
    if (request.trainable().isEmpty()) {
      return Recovery.none("no weights in single precision can be trained");
    }
    DistillationLoss loss =
        new DistillationLoss(execution.outputs(), request.temperature(), features(request));
    GradientNetwork gradient =
        GradientNetwork.of(request.compressed(), execution.input(), request.trainable(), loss);
    if (gradient.gradients().isEmpty()) {
      return Recovery.none("no gradient reaches a weight: " + gradient.stops());
    }
    List<String> reached = List.copyOf(gradient.gradients().keySet());
    WeightLayout layout = WeightLayout.of(request.compressed(), reached);
    List<PreparedImage> fitted = fitted(images, request.heldOut());
    Batches batches = Batches.of(fitted.size(), request.heldOut().seed());
    Optional<LearningCourse.Length> length = length(request, batches);
    if (length.isEmpty()) {
      LOG.info("recovery is left out: {}", TOO_FEW);
      return Recovery.none(TOO_FEW);
    }
    try (GradientSteps steps =
            new GradientSteps(
                spark,
                execution,
                new GradientSteps.Networks(
                    request.original(), gradient, shapes(request.compressed()).valuesPerImage()),
                layout,
                fitted,
                images.preprocessing());
        EvaluateModelStage.Reference judge =
            new EvaluateModelStage(spark, execution)
                .reference(
                    images.heldOut(request.heldOut()), request.original(), execution.outputs())) {
      return new LearningCourse(
              new LearningSteps(request, batches, layout, steps, judge), length.get(), checkpoints)
          .run(remarks(gradient));
    }
  }

  /**
   * Multiply-accumulates of what an image takes in a step.
   *
   * @param original of a pass of the original network
   * @param compressed likewise of the compressed one
   */
  public static double work(double original, double compressed) {
    return original + PASSES * compressed;
  }

  /** How long it learns, where that is worth it. */
  private Optional<LearningCourse.Length> length(Request request, Batches batches) {
    if (request.extent() instanceof Extent.Automatic automatic) {
      double image = work(macs(request.original()), macs(request.compressed()));
      OptionalInt steps = automatic.steps(batches, image);
      return steps.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new LearningCourse.Length(
                  new Extent.Steps(steps.getAsInt()), automatic.further(batches, image).orElse(0)));
    }
    int further = request.extent() instanceof Extent.Steps given ? given.count() : 0;
    return Optional.of(new LearningCourse.Length(request.extent(), further));
  }

  private List<String> features(Request request) {
    if (request.features() == 0) {
      return List.of();
    }
    List<String> ends =
        FeatureMaps.ofBlocks(request.original(), request.compressed(), execution.input());
    LOG.info("recovery: feature maps at {}", ends);
    return ends;
  }

  private double macs(OnnxNetwork network) {
    return NetworkLayers.of(network, shapes(network)).total().macs();
  }

  private NetworkShapes shapes(OnnxNetwork network) {
    return ShapeMeasurement.of(network, execution.input());
  }

  private static List<String> remarks(GradientNetwork gradient) {
    List<String> remarks = new ArrayList<>();
    gradient
        .stops()
        .forEach(stop -> remarks.add("no gradient passes " + stop.operator() + " " + stop.node()));
    gradient.unreached().forEach(tensor -> remarks.add("no gradient reaches " + tensor));
    return remarks;
  }

  /** The images that judge no fit, as many as may be held. */
  private static List<PreparedImage> fitted(PreparedImages images, HeldOut heldOut) {
    long bytes =
        images.count() * bytes(images.preprocessing().height(), images.preprocessing().width());
    long every = Math.max(1, (bytes + MOST_BYTES - 1) / MOST_BYTES);
    if (every > 1) {
      LOG.warn("recovery learns from one image of {}: all of them are too large to hold", every);
    }
    JavaRDD<PreparedBlock> blocks = images.blocks().map(new KeepFitted(heldOut, every));
    List<PreparedBlock> collected = new ArrayList<>(blocks.collect());
    collected.sort(Comparator.comparingInt(PreparedBlock::index));
    return collected.stream().flatMap(block -> block.images().stream()).toList();
  }

  /**
   * Bytes that the images it learns from take, once on the driver and once in each executor.
   *
   * @param images of the calibration
   * @param height of one, in pixels
   * @param width of one, in pixels
   */
  public static long held(long images, int height, int width) {
    return Math.min(MOST_BYTES, images * bytes(height, width));
  }

  private static long bytes(int height, int width) {
    return 3L * height * width;
  }

  private static final class KeepFitted implements Function<PreparedBlock, PreparedBlock> {
    private static final long serialVersionUID = 1L;
    private final HeldOut heldOut;
    private final long every;

    KeepFitted(HeldOut heldOut, long every) {
      this.heldOut = heldOut;
      this.every = every;
    }

    @Override
    public PreparedBlock call(PreparedBlock block) {
      PreparedBlock some = block.sampled(every);
      return new PreparedBlock(
          some.index(),
          some.images().stream().filter(image -> !heldOut.contains(image.id())).toList(),
          List.of());
    }
  }
}
