package io.pare.algorithm.statistics;

import java.util.OptionalDouble;

/**
 * How near one output of a network is to a reference's on the same images. Sums, so that parts can
 * be added in any fixed order.
 *
 * @param name of the output
 * @param positions of scores that were compared; 0 for an output of values
 * @param agreeing positions at which the reference has the same highest score
 * @param divergence sum of KL(reference || network) of the softmax over the positions, in nats
 * @param squaredError sum of the squared differences of values; 0 for scores
 * @param squaredOutput sum of the reference's squared values, likewise
 */
public record OutputEvaluation(
    String name,
    long positions,
    long agreeing,
    double divergence,
    double squaredError,
    double squaredOutput) {

  /** One image's values from a place on in both arrays. */
  static OutputEvaluation of(OutputLayout layout, float[] outputs, float[] reference, int from) {
    if (!layout.isScores()) {
      return ofValues(layout, outputs, reference, from);
    }
    long agreeing = 0;
    double divergence = 0;
    int classes = layout.classes();
    for (int first = from; first < from + layout.values(); first += classes) {
      Scores scores = new Scores(outputs, first, classes);
      Scores expected = new Scores(reference, first, classes);
      agreeing += scores.highest() == expected.highest() ? 1 : 0;
      divergence += expected.divergence(scores);
    }
    return new OutputEvaluation(layout.name(), layout.positions(), agreeing, divergence, 0, 0);
  }

  private static OutputEvaluation ofValues(
      OutputLayout layout, float[] outputs, float[] reference, int from) {
    double error = 0;
    double output = 0;
    for (int k = from; k < from + layout.values(); k++) {
      double difference = (double) reference[k] - outputs[k];
      error += difference * difference;
      output += (double) reference[k] * reference[k];
    }
    return new OutputEvaluation(layout.name(), 0, 0, 0, error, output);
  }

  /** Whether it compares scores. */
  public boolean isScores() {
    return positions > 0;
  }

  /** Share of the positions with the same highest score, from 0 to 1; empty for values. */
  public OptionalDouble agreement() {
    return isScores() ? OptionalDouble.of((double) agreeing / positions) : OptionalDouble.empty();
  }

  /** The mean divergence over the positions, in nats; empty for values. */
  public OptionalDouble meanDivergence() {
    return isScores() ? OptionalDouble.of(divergence / positions) : OptionalDouble.empty();
  }

  /** The squared error relative to the reference's squares; empty for scores. */
  public OptionalDouble relativeError() {
    return isScores()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            squaredError == 0 ? 0 : squaredError / Math.max(squaredOutput, Double.MIN_NORMAL));
  }

  /** The mean divergence of scores, the relative squared error of values. */
  public double difference() {
    return meanDivergence().orElseGet(() -> relativeError().orElseThrow());
  }

  OutputEvaluation plus(OutputEvaluation other) {
    if (!name.equals(other.name)) {
      throw new IllegalArgumentException("output " + other.name + " is not " + name);
    }
    return new OutputEvaluation(
        name,
        positions + other.positions,
        agreeing + other.agreeing,
        divergence + other.divergence,
        squaredError + other.squaredError,
        squaredOutput + other.squaredOutput);
  }
}
