package io.pare.stage.recovery;

import io.pare.algorithm.learning.Batches;
import io.pare.algorithm.statistics.Evaluation;
import io.pare.model.OnnxNetwork;
import io.pare.model.rewrite.TrainableWeights;
import io.pare.model.rewrite.WeightScales;
import io.pare.stage.network.EvaluateModelStage;
import io.pare.stage.recovery.Recovery.Point;
import java.util.List;

/**
 * What a network learns by: the gradient of each step, and the judgement of the held-out images
 * after some. Lives on the driver. Not thread-safe.
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

  /**
   * The gradient of a step. Feature maps count less with each, and from the middle on no more.
   *
   * @param done share of the steps, from 0 to 1
   */
  GradientSteps.Step gradient(float[] weights, int step, double done) {
    return gradients.of(
        weights,
        batches.at(step),
        request.features() * Math.max(0, 1 - 2 * done),
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
