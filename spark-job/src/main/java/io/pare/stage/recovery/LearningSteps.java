package io.pare.stage.recovery;

import io.pare.algorithm.learning.Adam;
import io.pare.algorithm.learning.Batches;
import io.pare.algorithm.learning.RateSchedule;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.model.OnnxNetwork;
import io.pare.model.rewrite.TrainableWeights;
import io.pare.model.rewrite.WeightScales;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.recovery.Recovery.Point;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a network learns by: its steps, and the judgement of the held-out images after some. Lives
 * on the driver. Not thread-safe.
 */
final class LearningSteps {
  private static final long SEED_STEP = 0x165667B19E3779F9L;

  private final RecoverNetworkStage.Request request;
  private final Batches batches;
  private final WeightLayout layout;
  private final GradientSteps gradients;
  private final EvaluateModelStage.Reference judge;

  LearningSteps(
      RecoverNetworkStage.Request request,
      Batches batches,
      WeightLayout layout,
      GradientSteps gradients,
      EvaluateModelStage.Reference judge) {
    this.request = request;
    this.batches = batches;
    this.layout = layout;
    this.gradients = gradients;
    this.judge = judge;
  }

  RecoverNetworkStage.Request request() {
    return request;
  }

  /** How many images it learns from. */
  int images() {
    return gradients.images();
  }

  /** What Spark says that it does. */
  void describe(String what) {
    gradients.describe(what);
  }

  /** The weights of the compressed network. */
  float[] first() {
    return layout.read(request.compressed());
  }

  /** A start from weights. */
  Adam from(float[] weights) {
    return from(Adam.State.of(weights));
  }

  /** Goes on from a state. */
  Adam from(Adam.State state) {
    return new Adam(state, request.rule().decay());
  }

  /**
   * How fast steps are, and what they look at.
   *
   * @param begun number of the first
   * @param fading whether feature maps count less with each step, from the middle on no more
   */
  record Pace(RateSchedule schedule, int begun, boolean fading) {
    private double rate(int step) {
      return schedule.at(step - begun);
    }

    private double features(int step) {
      double done = (double) (step - begun) / schedule.steps();
      return fading ? Math.max(0, 1 - 2 * done) : 1;
    }
  }

  /**
   * What some steps led to.
   *
   * @param end number of the step that follows them
   * @param loss mean over the batches before each
   */
  record Taken(Adam adam, int end, double loss) {}

  /**
   * Takes a step, or as many local ones as there may be until the next sum.
   *
   * @param adam may be changed
   * @param end that no step goes beyond
   * @throws ArithmeticException where a weight leaves what is finite
   */
  Taken take(Adam adam, int step, int end, Pace pace) {
    if (request.rule().localSteps() == 1) {
      GradientSteps.Step found = gradients.of(adam.weights(), batch(step, pace));
      adam.step(found.gradient(), pace.rate(step));
      return new Taken(adam, step + 1, found.loss());
    }
    int last = Math.min(end, step + request.rule().localSteps());
    List<GradientSteps.Turn> turns =
        IntStream.range(step, last)
            .mapToObj(each -> new GradientSteps.Turn(batch(each, pace), pace.rate(each)))
            .toList();
    GradientSteps.Reached reached = gradients.apart(adam.state(), request.rule().decay(), turns);
    return new Taken(from(reached.state()), last, reached.loss());
  }

  private GradientSteps.Batch batch(int step, Pace pace) {
    return new GradientSteps.Batch(
        batches.at(step),
        (float) (request.features() * pace.features(step)),
        request.heldOut().seed() + SEED_STEP * (step + 1L));
  }

  /**
   * How near weights come to the original.
   *
   * @param step number of those done
   * @param loss to tell with it
   * @throws ArithmeticException where the divergence is not finite
   */
  Point judged(int step, double loss, float[] weights) {
    Evaluation evaluation = judge.evaluate(List.of(network(weights).toBytes())).get(1);
    double divergence = evaluation.difference();
    if (!Double.isFinite(divergence)) {
      throw new ArithmeticException("the divergence is " + divergence);
    }
    return new Point(step, loss, divergence, evaluation.agreement().orElse(Double.NaN));
  }

  /**
   * The network with such weights: its factors, which leave their scales while they learn, even.
   */
  OnnxNetwork published(float[] weights) {
    return WeightScales.even(network(weights), request.trainable());
  }

  private OnnxNetwork network(float[] weights) {
    return TrainableWeights.replaced(request.compressed(), layout.byName(weights));
  }
}
