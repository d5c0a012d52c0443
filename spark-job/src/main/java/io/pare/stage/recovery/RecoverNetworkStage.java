package io.pare.stage.recovery;

import io.pare.algorithm.learning.Adam;
import io.pare.algorithm.learning.Batches;
import io.pare.algorithm.learning.RateSchedule;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.io.checkpoint.RecordHash;
import io.pare.model.OnnxNetwork;
import io.pare.model.gradient.DistillationLoss;
import io.pare.model.gradient.GradientNetwork;
import io.pare.model.rewrite.TrainableWeights;
import io.pare.model.rewrite.WeightScales;
import io.pare.stage.images.HeldOut;
import io.pare.stage.images.PreparedBlock;
import io.pare.stage.images.PreparedImage;
import io.pare.stage.images.PreparedImages;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.network.Execution;
import io.pare.stage.recovery.Recovery.Point;
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
 * Adam} along the gradient of the divergence, on the images that the fits have seen, in drawn views
 * (algorithm.md section 10). The images that judge the fits judge it too: the weights with the
 * least divergence on them are kept, and none where that is no less than at the start.
 */
public final class RecoverNetworkStage {
  private static final Logger LOG = LoggerFactory.getLogger(RecoverNetworkStage.class);

  /** Tried in this order; the one whose short trial ends lowest is taken, the first of equals. */
  private static final double[] RATES = {3e-3, 1e-3, 3e-4, 1e-4, 3e-5};

  private static final int TRIAL_STEPS = 16;
  private static final int BATCH = 64;
  private static final int EPOCHS = 8;
  private static final int FEWEST_STEPS = 160;
  private static final int POINTS = 8;

  /** Of the pixels that the driver and each executor hold: fewer images are used beyond. */
  private static final long MOST_BYTES = 512L << 20;

  private final JavaSparkContext spark;
  private final Execution execution;

  /**
   * What is to be done.
   *
   * @param original network that is learned from
   * @param compressed network that learns; takes the same images
   * @param trainable its initializers that may change
   * @param heldOut which images judge
   * @param steps at least 1; empty: eight epochs, at least 160
   */
  public record Request(
      OnnxNetwork original,
      OnnxNetwork compressed,
      List<String> trainable,
      HeldOut heldOut,
      OptionalInt steps) {}

  /** What is kept of a run that has not ended. */
  record Progress(
      double rate, Adam.State adam, Weights present, Weights best, List<Point> points) {}

  /** An array of weights. */
  @SuppressWarnings("ArrayRecordComponent")
  record Weights(float[] values) {}

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
        request.original().classes().isPresent()
            ? DistillationLoss.scores(1)
            : DistillationLoss.values();
    GradientNetwork gradient =
        GradientNetwork.of(request.compressed(), execution.input(), request.trainable(), loss);
    if (gradient.gradients().isEmpty()) {
      return Recovery.none("no gradient reaches a weight: " + gradient.stops());
    }
    List<String> reached = List.copyOf(gradient.gradients().keySet());
    WeightLayout layout = WeightLayout.of(request.compressed(), reached);
    List<PreparedImage> fitted = fitted(images, request.heldOut());
    try (GradientSteps steps =
            new GradientSteps(
                spark,
                execution,
                request.original(),
                gradient,
                layout,
                fitted,
                images.preprocessing());
        EvaluateModelStage.Reference judge =
            new EvaluateModelStage(spark, execution)
                .reference(images.heldOut(request.heldOut()), request.original())) {
      Course course = new Course(request, layout, steps, judge, checkpoints);
      return course.run(remarks(gradient));
    }
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
    long bytes = 3L * images.preprocessing().height() * images.preprocessing().width();
    long every = Math.max(1, (images.count() * bytes + MOST_BYTES - 1) / MOST_BYTES);
    if (every > 1) {
      LOG.warn("recovery learns from one image of {}: all of them are too large to hold", every);
    }
    JavaRDD<PreparedBlock> blocks = images.blocks().map(new KeepFitted(heldOut, every));
    List<PreparedBlock> collected = new ArrayList<>(blocks.collect());
    collected.sort(Comparator.comparingInt(PreparedBlock::index));
    return collected.stream().flatMap(block -> block.images().stream()).toList();
  }

  /** One run over the steps. */
  private final class Course {
    private final Request request;
    private final WeightLayout layout;
    private final GradientSteps gradients;
    private final EvaluateModelStage.Reference judge;
    private final Checkpoints checkpoints;
    private final Batches batches;
    private final int steps;
    private final int every;
    private final String hash;

    Course(
        Request request,
        WeightLayout layout,
        GradientSteps gradients,
        EvaluateModelStage.Reference judge,
        Checkpoints checkpoints) {
      this.request = request;
      this.layout = layout;
      this.gradients = gradients;
      this.judge = judge;
      this.checkpoints = checkpoints;
      batches =
          new Batches(
              gradients.images(), Math.min(BATCH, gradients.images()), request.heldOut().seed());
      steps = request.steps().orElse(Math.max(FEWEST_STEPS, EPOCHS * batches.perEpoch()));
      every = Math.max(1, steps / POINTS);
      hash = RecordHash.of(new Identity(request.compressed().sha256(), steps));
    }

    Recovery run(List<String> remarks) {
      Progress progress = kept().orElseGet(this::start);
      while (step(progress) < steps) {
        progress = advanced(progress);
        checkpoints.keep(part(step(progress)), progress);
      }
      double start = progress.points().get(0).divergence();
      boolean better = best(progress.points()) < start;
      Optional<byte[]> model =
          better ? Optional.of(even(progress.best().values()).toBytes()) : Optional.empty();
      return new Recovery(model, progress.rate(), gradients.images(), progress.points(), remarks);
    }

    /** Factors leave their scales while they learn. */
    private OnnxNetwork even(float[] weights) {
      return WeightScales.even(network(weights), request.trainable());
    }

    private int step(Progress progress) {
      return progress.points().get(progress.points().size() - 1).step();
    }

    private Progress start() {
      float[] weights = layout.read(request.compressed());
      Point start = judged(0, Double.NaN, weights);
      double rate = rate(weights);
      LOG.info("recovery: divergence {} at the start, rate {}", start.divergence(), rate);
      return new Progress(
          rate,
          new Adam(weights.length).state(),
          new Weights(weights),
          new Weights(weights),
          List.of(start));
    }

    /** The rate whose short trial ends lowest on the held-out images. */
    private double rate(float[] weights) {
      double best = RATES[RATES.length - 1];
      double least = Double.POSITIVE_INFINITY;
      for (double rate : RATES) {
        spark.setJobDescription("recovery: try a rate of " + rate);
        try {
          float[] trial = weights.clone();
          Adam adam = new Adam(trial.length);
          RateSchedule schedule = new RateSchedule(rate, TRIAL_STEPS, TRIAL_STEPS / 4);
          for (int step = 0; step < TRIAL_STEPS; step++) {
            adam.step(trial, gradient(trial, step).gradient(), schedule.at(step));
          }
          double divergence = judged(TRIAL_STEPS, 0, trial).divergence();
          if (divergence < least) {
            least = divergence;
            best = rate;
          }
        } catch (ArithmeticException e) {
          LOG.info("recovery: a rate of {} leaves what is finite: {}", rate, e.getMessage());
        }
      }
      return best;
    }

    /** The steps to the next point. */
    private Progress advanced(Progress progress) {
      Adam adam = new Adam(progress.adam());
      float[] weights = progress.present().values().clone();
      RateSchedule schedule =
          new RateSchedule(progress.rate(), steps, Math.min(steps / 10, steps - 1));
      int first = step(progress);
      int end = Math.min(steps, first + every);
      double loss = 0;
      for (int step = first; step < end; step++) {
        spark.setJobDescription("recovery: step %d of %d".formatted(step + 1, steps));
        GradientSteps.Step found = gradient(weights, step);
        loss += found.loss() / (end - first);
        adam.step(weights, found.gradient(), schedule.at(step));
      }
      Point point = judged(end, loss, weights);
      LOG.info(
          "recovery: step {} of {}, loss {}, held-out divergence {}",
          end,
          steps,
          loss,
          point.divergence());
      boolean better = point.divergence() < best(progress.points());
      List<Point> points = new ArrayList<>(progress.points());
      points.add(point);
      return new Progress(
          progress.rate(),
          adam.state(),
          new Weights(weights),
          better ? new Weights(weights) : progress.best(),
          points);
    }

    private GradientSteps.Step gradient(float[] weights, int step) {
      return gradients.of(
          weights, batches.at(step), request.heldOut().seed() + 0x165667B19E3779F9L * (step + 1L));
    }

    private Point judged(int step, double loss, float[] weights) {
      Evaluation evaluation = judge.evaluate(List.of(network(weights).toBytes())).get(1);
      double images = Math.max(1, evaluation.images());
      return new Point(
          step, loss, evaluation.divergence() / images, evaluation.agreeing() / images);
    }

    private OnnxNetwork network(float[] weights) {
      return TrainableWeights.replaced(request.compressed(), layout.byName(weights));
    }

    private static double best(List<Point> points) {
      return points.stream().mapToDouble(Point::divergence).min().orElseThrow();
    }

    /** The furthest progress of an earlier run. */
    private Optional<Progress> kept() {
      for (int step = steps; step > 0; step--) {
        if (step == steps || step % every == 0) {
          Optional<Progress> found = checkpoints.find(part(step), Progress.class);
          if (found.isPresent()) {
            return found;
          }
        }
      }
      return Optional.empty();
    }

    private Checkpoints.Part part(int step) {
      return new Checkpoints.Part("recover", "network", hash + " " + step);
    }
  }

  /** What the progress of a run belongs to. */
  private record Identity(String network, int steps) {}

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
