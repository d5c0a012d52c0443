package io.pare.algorithm.statistics;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * How a classifier does on labelled images, beside a reference on the same images. Sums, so that
 * parts can be added in any fixed order.
 *
 * @param images evaluated
 * @param labelled of them with a label; top-1, top-5 and loss are over these
 * @param top1 labelled images whose class has the highest output
 * @param top5 labelled images whose class is among the five highest
 * @param loss sum of the cross-entropies, in nats
 * @param agreeing images on which the reference has the same highest output
 * @param divergence sum of KL(reference || network) of the softmax outputs, in nats
 * @param lost labelled images on which the reference has the class first and the network has not
 * @param gained labelled images on which it is the other way round
 */
public record Evaluation(
    long images,
    long labelled,
    long top1,
    long top5,
    double loss,
    long agreeing,
    double divergence,
    long lost,
    long gained) {
  /** No images. */
  public static final Evaluation NOTHING = new Evaluation(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final int FIVE = 5;
  private static final double PROBABILITY_TOLERANCE = 1e-3;

  /**
   * One image.
   *
   * @param outputs of the network: logits or probabilities
   * @param reference outputs of the reference
   * @param label class index, or below 0
   */
  public static Evaluation of(float[] outputs, float[] reference, int label) {
    double[] logs = logProbabilities(outputs);
    double[] expected = logProbabilities(reference);
    boolean known = label >= 0 && label < outputs.length;
    int place = known ? place(outputs, label) : outputs.length;
    boolean before = known && place(reference, label) == 0;
    double divergence = 0;
    for (int k = 0; k < logs.length; k++) {
      double probability = Math.exp(expected[k]);
      divergence += probability == 0 ? 0 : probability * (expected[k] - logs[k]);
    }
    return new Evaluation(
        1,
        known ? 1 : 0,
        place == 0 ? 1 : 0,
        known && place < FIVE ? 1 : 0,
        known ? -logs[label] : 0,
        highest(outputs) == highest(reference) ? 1 : 0,
        Math.max(0, divergence),
        before && place != 0 ? 1 : 0,
        known && !before && place == 0 ? 1 : 0);
  }

  /**
   * Some images, added up in their order.
   *
   * @param outputs of the network, image by image
   * @param reference outputs of the reference for the same images
   * @param labels class index by place of the image, or below 0
   */
  public static Evaluation of(
      List<float[]> outputs, List<float[]> reference, IntUnaryOperator labels) {
    Evaluation sum = NOTHING;
    for (int k = 0; k < outputs.size(); k++) {
      sum = sum.plus(of(outputs.get(k), reference.get(k), labels.applyAsInt(k)));
    }
    return sum;
  }

  /** The mean divergence over the images, in nats; 0 without any. */
  public double meanDivergence() {
    return divergence / Math.max(1, images);
  }

  /** The sum of both. */
  public Evaluation plus(Evaluation other) {
    return new Evaluation(
        images + other.images,
        labelled + other.labelled,
        top1 + other.top1,
        top5 + other.top5,
        loss + other.loss,
        agreeing + other.agreeing,
        divergence + other.divergence,
        lost + other.lost,
        gained + other.gained);
  }

  /** Number of outputs above the label's; of equal ones the first counts as higher. */
  private static int place(float[] outputs, int label) {
    int higher = 0;
    for (int k = 0; k < outputs.length; k++) {
      if (outputs[k] > outputs[label] || (outputs[k] == outputs[label] && k < label)) {
        higher++;
      }
    }
    return higher;
  }

  private static int highest(float[] outputs) {
    int best = 0;
    for (int k = 1; k < outputs.length; k++) {
      if (outputs[k] > outputs[best]) {
        best = k;
      }
    }
    return best;
  }

  /** Outputs that are probabilities already are only taken the logarithm of. */
  private static double[] logProbabilities(float[] outputs) {
    double sum = 0;
    double largest = Double.NEGATIVE_INFINITY;
    boolean probabilities = true;
    for (float output : outputs) {
      probabilities &= output >= 0;
      sum += output;
      largest = Math.max(largest, output);
    }
    double[] logs = new double[outputs.length];
    if (probabilities && Math.abs(sum - 1) < PROBABILITY_TOLERANCE) {
      for (int k = 0; k < logs.length; k++) {
        logs[k] = Math.log(Math.max(outputs[k], Float.MIN_NORMAL));
      }
      return logs;
    }
    double total = 0;
    for (float output : outputs) {
      total += Math.exp(output - largest);
    }
    double shift = largest + Math.log(total);
    for (int k = 0; k < logs.length; k++) {
      logs[k] = outputs[k] - shift;
    }
    return logs;
  }
}
