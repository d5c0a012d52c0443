package io.pare.model.gradient;

import java.util.List;

/**
 * How far a network is from the one that it is to learn from, without labels (algorithm.md section
 * 10; Hinton, Vinyals, Dean 2015, arXiv 1503.02531). A sum of one term for each output:
 *
 * <ul>
 *   <li>class scores: the mean over images of {@code T^2 KL(softmax(t / T) || softmax(y / T))}; for
 *       probabilities y stands for their logarithm, which gives the same;
 *   <li>other outputs: {@code sum (y - t)^2 / sum t^2} over the batch;
 * </ul>
 *
 * <p>and, times a weight that is an input of every step, the second kind for feature maps.
 *
 * @param outputs what the outputs are
 * @param temperature T, above 0
 * @param features tensors inside the network, by the names they have in both
 */
public record DistillationLoss(Outputs outputs, double temperature, List<String> features) {
  /** What a network's outputs are. */
  public enum Outputs {
    /**
     * Scores of classes, along the axis of the Softmax at the end, or without one along the
     * channels; outputs that hold a single channel are values all the same.
     */
    SCORES,
    /** Values to be met. */
    VALUES
  }

  public DistillationLoss {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "a temperature must be above 0 and finite, not " + temperature);
    }
    features = List.copyOf(features);
  }

  /** Of the outputs alone, as class scores. */
  public static DistillationLoss scores(double temperature) {
    return new DistillationLoss(Outputs.SCORES, temperature, List.of());
  }

  /** Of the outputs alone, as values. */
  public static DistillationLoss values() {
    return new DistillationLoss(Outputs.VALUES, 1, List.of());
  }

  /** The same with feature maps. */
  public DistillationLoss with(List<String> tensors) {
    return new DistillationLoss(outputs, temperature, tensors);
  }
}
