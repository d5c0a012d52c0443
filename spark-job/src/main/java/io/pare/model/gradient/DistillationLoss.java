package io.pare.model.gradient;

import io.pare.model.output.NetworkOutputs;
import java.util.List;

/**
 * How far a network is from the one that it is to learn from, without labels (algorithm.md section
 * 10; Hinton, Vinyals, Dean 2015, arXiv 1503.02531). A sum of one term for each output:
 *
 * <ul>
 *   <li>class scores: the mean over images, and over positions where there are several, of {@code
 *       T^2 KL(softmax(t / T) || softmax(y / T))}; for probabilities y stands for their logarithm,
 *       which gives the same;
 *   <li>other outputs: {@code sum (y - t)^2 / sum t^2} over the batch;
 * </ul>
 *
 * <p>and, times a weight that is an input of every step, the second kind for feature maps.
 *
 * @param outputs that are compared
 * @param temperature T, above 0
 * @param features tensors inside the network, by the names they have in both
 */
public record DistillationLoss(NetworkOutputs outputs, double temperature, List<String> features) {

  public DistillationLoss {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "a temperature must be above 0 and finite, not " + temperature);
    }
    features = List.copyOf(features);
  }

  /** Of the outputs alone. */
  public static DistillationLoss of(NetworkOutputs outputs, double temperature) {
    return new DistillationLoss(outputs, temperature, List.of());
  }
}
