package io.pare.stage.recovery;

import io.pare.algorithm.learning.Adam;
import io.pare.algorithm.learning.Extent;
import io.pare.algorithm.learning.RateSchedule;
import io.pare.algorithm.learning.StepRule;
import io.pare.io.checkpoint.RecordHash;
import io.pare.stage.recovery.Recovery.Blend;
import io.pare.stage.recovery.Recovery.Point;
import io.pare.stage.spark.Checkpoints;
import java.util.ArrayList;
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

  private static final int POINTS = 8;

  /** Of the way from the start to the last state. */
  private static final double[] SHARES = {0.25, 0.5, 0.75};

  private static final double SECONDS_OF_A_MINUTE = 60;

  private final LearningSteps steps;
  private final Length length;
  private final Checkpoints checkpoints;
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
      Weights best,
      List<Point> points,
      List<String> remarks) {

    /** A course from the weights of the start on. */
    static Progress from(
        int begun,
        int steps,
        double rate,
        float[] first,
        List<Point> points,
        List<String> remarks) {
      return new Progress(
          begun, begun + steps, rate, Adam.State.of(first), new Weights(first), points, remarks);
    }

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
  private record Identity(
      String network, String extent, double temperature, double features, StepRule rule) {}

  /**
   * How long it learns.
   *
   * @param extent by steps or minutes
   * @param further steps that may follow where the first teach nothing; 0 where none may
   */
  record Length(Extent extent, int further) {}

  LearningCourse(LearningSteps steps, Length length, Checkpoints checkpoints) {
    this.steps = steps;
    this.length = length;
    this.checkpoints = checkpoints;
    RecoverNetworkStage.Request request = steps.request();
    hash =
        RecordHash.of(
            new Identity(
                request.compressed().sha256(),
                length.extent().toString(),
                request.temperature(),
                request.features(),
                request.rule()));
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
        better(progress, blend).map(weights -> steps.published(weights).toBytes()),
        progress.rate(),
        steps.images(),
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
    OptionalDouble smaller = RateTrial.below(progress.rate());
    boolean first = progress.begun() == 0 && progress.step() > 0;
    if (!first || progress.gained() || length.further() == 0 || smaller.isEmpty()) {
      return Optional.empty();
    }
    LOG.info(
        "recovery: no point is nearer than the start; {} more steps from there at a rate of {}",
        length.further(),
        smaller.getAsDouble());
    return Optional.of(
        Progress.from(
            progress.step(),
            length.further(),
            smaller.getAsDouble(),
            steps.first(),
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
        Point point = steps.judged(progress.step(), Double.NaN, onTheWay(progress, share));
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
    float[] weights = steps.first();
    float[] last = progress.adam().weights();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (weights[i] + share * (last[i] - weights[i]));
    }
    return weights;
  }

  private Progress start() {
    float[] weights = steps.first();
    Point start = steps.judged(0, Double.NaN, weights);
    RateTrial trial = new RateTrial(steps, start.divergence());
    double rate = trial.best(weights);
    int count = count(trial);
    LOG.info(
        "recovery: divergence {} at the start, {} steps at a rate of {}",
        start.divergence(),
        count,
        rate);
    return Progress.from(0, count, rate, weights, List.of(start), List.of());
  }

  private int count(RateTrial trial) {
    if (length.extent() instanceof Extent.Steps given) {
      return given.count();
    }
    Extent.Minutes given = (Extent.Minutes) length.extent();
    double seconds = given.count() * SECONDS_OF_A_MINUTE - trial.seconds();
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, seconds / trial.secondsOfStep()));
  }

  /** The steps to the next point. */
  private Progress advanced(Progress progress) {
    int begun = progress.begun();
    int count = progress.length();
    RateSchedule schedule =
        new RateSchedule(progress.rate(), count, Math.min(count / 10, count - 1));
    LearningSteps.Pace pace = new LearningSteps.Pace(schedule, begun, true);
    int first = progress.step();
    int end =
        begun + (int) ((long) count * (1 + progress.pointsSinceBegun()) / Math.min(POINTS, count));
    LearningSteps.Taken taken = new LearningSteps.Taken(steps.from(progress.adam()), first, 0);
    double loss = 0;
    while (taken.end() < end) {
      int step = taken.end();
      steps.describe("recovery: step %d of %d".formatted(step + 1, progress.steps()));
      taken = steps.take(taken.adam(), step, end, pace);
      loss += taken.loss() * (taken.end() - step) / (end - first);
    }
    Adam.State state = taken.adam().state();
    float[] weights = state.weights();
    Point point = steps.judged(end, loss, weights);
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
        state,
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
        progress.best(),
        progress.points(),
        Stream.concat(
                progress.remarks().stream(),
                Stream.of("the steps after " + progress.step() + " left what is finite: " + reason))
            .toList());
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
