package io.pare.stage.recovery;

import io.pare.algorithm.learning.Adam;
import io.pare.algorithm.learning.Batches;
import io.pare.algorithm.learning.Extent;
import io.pare.algorithm.learning.RateSchedule;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.io.checkpoint.RecordHash;
import io.pare.model.OnnxNetwork;
import io.pare.model.rewrite.TrainableWeights;
import io.pare.model.rewrite.WeightScales;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.recovery.Recovery.Blend;
import io.pare.stage.recovery.Recovery.Point;
import io.pare.stage.spark.Checkpoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One network on its way over the steps: a rate is tried out, and at a few points on the way the
 * held-out images judge and what was reached is kept, so that another run goes on from there with
 * the same bits. Where no point comes nearer to the original than the start, that was too fast: the
 * network starts once more, at the next smaller rate. Lives on the driver. Not thread-safe.
 */
final class LearningCourse {
  private static final Logger LOG = LoggerFactory.getLogger(LearningCourse.class);

  private static final double[] RATES = {3e-3, 1e-3, 3e-4, 1e-4, 3e-5};
  private static final int TRIAL_STEPS = 16;

  /**
   * Of the divergence at the start, what a trial may end with. Early steps disturb a fitted network
   * more than they teach it, and short trials speak for rates that are too small to teach it later.
   */
  private static final double TOLERATED = 1.5;

  /** Times the loss of its first step, beyond which a trial does not go on: none comes back. */
  private static final double HOPELESS = 20;

  private static final int POINTS = 8;

  /** Of the way from the start to the last state. */
  private static final double[] SHARES = {0.25, 0.5, 0.75};

  private static final double SECONDS_OF_A_MINUTE = 60;
  private static final long SEED_STEP = 0x165667B19E3779F9L;

  private final RecoverNetworkStage.Request request;
  private final WeightLayout layout;
  private final GradientSteps gradients;
  private final EvaluateModelStage.Reference judge;
  private final Checkpoints checkpoints;
  private final Length length;
  private final String hash;

  /**
   * What is kept of a run that has not ended.
   *
   * @param begun the step that the weights of the start were taken up at: 0 unless once more
   * @param steps number of them at the end
   */
  record Progress(
      int begun,
      int steps,
      double rate,
      Adam.State adam,
      Weights present,
      Weights best,
      List<Point> points,
      List<String> remarks) {

    int step() {
      return points.get(points.size() - 1).step();
    }

    int length() {
      return steps - begun;
    }

    int pointsSinceBegun() {
      return (int) points.stream().filter(point -> point.step() > begun).count();
    }

    boolean gained() {
      return least() < points.get(0).divergence();
    }

    double least() {
      return points.stream().mapToDouble(Point::divergence).min().orElseThrow();
    }
  }

  /** An array of weights. */
  @SuppressWarnings("ArrayRecordComponent")
  record Weights(float[] values) {}

  /** What the progress of a run belongs to. */
  private record Identity(String network, String extent, double temperature, double features) {}

  /**
   * How long it learns, and in what batches.
   *
   * @param extent by steps or minutes
   * @param further steps that may follow where the first teach nothing; 0 where none may
   */
  record Length(Extent extent, int further, Batches batches) {}

  LearningCourse(
      RecoverNetworkStage.Request request,
      Length length,
      WeightLayout layout,
      GradientSteps gradients,
      EvaluateModelStage.Reference judge,
      Checkpoints checkpoints) {
    this.request = request;
    this.layout = layout;
    this.gradients = gradients;
    this.judge = judge;
    this.checkpoints = checkpoints;
    this.length = length;
    hash =
        RecordHash.of(
            new Identity(
                request.compressed().sha256(),
                length.extent().toString(),
                request.temperature(),
                request.features()));
  }

  /**
   * Learns to the end.
   *
   * @param remarks for the result
   */
  Recovery run(List<String> remarks) {
    Progress progress;
    try {
      progress = kept().orElseGet(this::start);
    } catch (ArithmeticException e) {
      return Recovery.none("the network cannot be judged: " + e.getMessage());
    }
    progress = learned(progress);
    Optional<Progress> again = again(progress);
    if (again.isPresent()) {
      progress = learned(again.get());
    }
    List<String> all = new ArrayList<>(remarks);
    all.addAll(progress.remarks());
    Optional<Blend> blend = blend(progress);
    return new Recovery(
        better(progress, blend).map(weights -> even(weights).toBytes()),
        progress.rate(),
        gradients.images(),
        progress.points(),
        blend,
        all);
  }

  private Progress learned(Progress begun) {
    Progress progress = begun;
    while (progress.step() < progress.steps()) {
      try {
        progress = advanced(progress);
      } catch (ArithmeticException e) {
        progress = ended(progress, e.getMessage());
      }
      checkpoints.keep(part(progress.points().size()), progress);
    }
    return progress;
  }

  /** The start of a second course, where the first led nowhere and there may be one. */
  private Optional<Progress> again(Progress progress) {
    OptionalDouble smaller = Arrays.stream(RATES).filter(rate -> rate < progress.rate()).max();
    if (progress.begun() > 0 || progress.gained() || length.further() == 0 || smaller.isEmpty()) {
      return Optional.empty();
    }
    float[] weights = layout.read(request.compressed());
    LOG.info(
        "recovery: no point is nearer than the start; {} more steps from there at a rate of {}",
        length.further(),
        smaller.getAsDouble());
    return Optional.of(
        new Progress(
            progress.step(),
            progress.step() + length.further(),
            smaller.getAsDouble(),
            new Adam(weights.length).state(),
            new Weights(weights),
            new Weights(weights),
            progress.points(),
            progress.remarks()));
  }

  /** The weights that came nearer to the original than those at the start, if any did. */
  private Optional<float[]> better(Progress progress, Optional<Blend> blend) {
    if (blend.isPresent()) {
      return blend.map(its -> onTheWay(progress, its.share()));
    }
    return progress.gained() ? Optional.of(progress.best().values()) : Optional.empty();
  }

  /**
   * What is nearer than all points on the line from the start to the last state. Few images teach
   * more than holds for others: part of the way often does better than all of it (Wortsman et al.,
   * Robust fine-tuning of zero-shot models, CVPR 2022).
   */
  private Optional<Blend> blend(Progress progress) {
    Optional<Blend> best = Optional.empty();
    double least = progress.least();
    for (double share : SHARES) {
      try {
        Point point = judged(progress.step(), Double.NaN, onTheWay(progress, share));
        LOG.info("recovery: {} of the way, held-out divergence {}", share, point.divergence());
        if (point.divergence() < least) {
          least = point.divergence();
          best = Optional.of(new Blend(share, least, point.agreement()));
        }
      } catch (ArithmeticException e) {
        LOG.info("recovery: {} of the way leads to nothing: {}", share, e.getMessage());
      }
    }
    return best;
  }

  private float[] onTheWay(Progress progress, double share) {
    float[] weights = layout.read(request.compressed());
    float[] last = progress.present().values();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (weights[i] + share * (last[i] - weights[i]));
    }
    return weights;
  }

  private Progress start() {
    float[] weights = layout.read(request.compressed());
    Point start = judged(0, Double.NaN, weights);
    RateTrial trial = new RateTrial(start.divergence());
    double rate = trial.best(weights);
    int steps = steps(trial);
    LOG.info(
        "recovery: divergence {} at the start, {} steps at a rate of {}",
        start.divergence(),
        steps,
        rate);
    return new Progress(
        0,
        steps,
        rate,
        new Adam(weights.length).state(),
        new Weights(weights),
        new Weights(weights),
        List.of(start),
        List.of());
  }

  private int steps(RateTrial trial) {
    if (length.extent() instanceof Extent.Steps given) {
      return given.count();
    }
    Extent.Minutes given = (Extent.Minutes) length.extent();
    double seconds = given.count() * SECONDS_OF_A_MINUTE - trial.seconds;
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, seconds / trial.secondsOfStep()));
  }

  /** Short trials of some rates, and how long they took. */
  private final class RateTrial {
    private final double divergence;
    private double seconds;
    private int steps;

    RateTrial(double divergence) {
      this.divergence = divergence;
    }

    double secondsOfStep() {
      return Math.max(1e-3, seconds / Math.max(1, steps));
    }

    /** The largest rate whose trial the network survives; the smallest where there is none. */
    double best(float[] weights) {
      for (double rate : RATES) {
        double reached = tried(weights.clone(), rate);
        LOG.info("recovery: a trial at {} leads from {} to {}", rate, divergence, reached);
        if (reached <= TOLERATED * divergence) {
          return rate;
        }
      }
      return RATES[RATES.length - 1];
    }

    /** The divergence at the end; infinite where it is not worth knowing. */
    private double tried(float[] weights, double rate) {
      gradients.describe("recovery: try a rate of " + rate);
      Adam adam = new Adam(weights.length);
      RateSchedule schedule = new RateSchedule(rate, TRIAL_STEPS, TRIAL_STEPS / 4);
      try {
        long begin = System.nanoTime();
        int step = 0;
        double first = Double.NaN;
        double loss = 0;
        while (step < TRIAL_STEPS && !(loss > HOPELESS * first)) {
          GradientSteps.Step found = gradient(weights, step, 0);
          adam.step(weights, found.gradient(), schedule.at(step));
          loss = found.loss();
          first = step == 0 ? loss : first;
          step++;
        }
        seconds += (System.nanoTime() - begin) / 1e9;
        steps += step;
        if (step < TRIAL_STEPS) {
          throw new ArithmeticException(
              "its loss rises from %s to %s in %d steps".formatted(first, loss, step));
        }
        return judged(TRIAL_STEPS, 0, weights).divergence();
      } catch (ArithmeticException e) {
        LOG.info("recovery: a trial at {} is given up: {}", rate, e.getMessage());
        return Double.POSITIVE_INFINITY;
      }
    }
  }

  /** The steps to the next point. */
  private Progress advanced(Progress progress) {
    int begun = progress.begun();
    int steps = progress.length();
    Adam adam = new Adam(progress.adam());
    float[] weights = progress.present().values().clone();
    RateSchedule schedule =
        new RateSchedule(progress.rate(), steps, Math.min(steps / 10, steps - 1));
    int first = progress.step();
    int end =
        begun + (int) ((long) steps * (1 + progress.pointsSinceBegun()) / Math.min(POINTS, steps));
    double loss = 0;
    for (int step = first; step < end; step++) {
      gradients.describe("recovery: step %d of %d".formatted(step + 1, progress.steps()));
      GradientSteps.Step found = gradient(weights, step, (double) (step - begun) / steps);
      loss += found.loss() / (end - first);
      adam.step(weights, found.gradient(), schedule.at(step - begun));
    }
    Point point = judged(end, loss, weights);
    LOG.info(
        "recovery: step {} of {}, loss {}, held-out divergence {}",
        end,
        progress.steps(),
        loss,
        point.divergence());
    boolean better = point.divergence() < progress.least();
    List<Point> points = new ArrayList<>(progress.points());
    points.add(point);
    return new Progress(
        begun,
        progress.steps(),
        progress.rate(),
        adam.state(),
        new Weights(weights),
        better ? new Weights(weights) : progress.best(),
        points,
        progress.remarks());
  }

  /** Ends where the steps led to nothing: what was best before is all that there is. */
  private static Progress ended(Progress progress, String reason) {
    LOG.warn("recovery ends after step {}: {}", progress.step(), reason);
    return new Progress(
        progress.begun(),
        progress.step(),
        progress.rate(),
        progress.adam(),
        progress.present(),
        progress.best(),
        progress.points(),
        Stream.concat(
                progress.remarks().stream(),
                Stream.of("the steps after " + progress.step() + " left what is finite: " + reason))
            .toList());
  }

  /** Feature maps count less with each step, and from the middle on no more. */
  private GradientSteps.Step gradient(float[] weights, int step, double done) {
    return gradients.of(
        weights,
        length.batches().at(step),
        request.features() * Math.max(0, 1 - 2 * done),
        request.heldOut().seed() + SEED_STEP * (step + 1L));
  }

  private Point judged(int step, double loss, float[] weights) {
    Evaluation evaluation = judge.evaluate(List.of(network(weights).toBytes())).get(1);
    double divergence = evaluation.difference();
    if (!Double.isFinite(divergence)) {
      throw new ArithmeticException("the divergence is " + divergence);
    }
    return new Point(step, loss, divergence, evaluation.agreement().orElse(Double.NaN));
  }

  private OnnxNetwork network(float[] weights) {
    return TrainableWeights.replaced(request.compressed(), layout.byName(weights));
  }

  /** Factors leave their scales while they learn. */
  private OnnxNetwork even(float[] weights) {
    return WeightScales.even(network(weights), request.trainable());
  }

  /** The furthest progress of an earlier run. */
  private Optional<Progress> kept() {
    for (int points = 2 * POINTS + 1; points > 1; points--) {
      Optional<Progress> found = checkpoints.find(part(points), Progress.class);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Checkpoints.Part part(int points) {
    return new Checkpoints.Part("recover", "network", hash + " " + points);
  }
}
