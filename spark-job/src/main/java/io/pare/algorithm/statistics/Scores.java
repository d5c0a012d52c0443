package io.pare.algorithm.statistics;

/**
 * The scores of the classes at one position: logits, or probabilities already.
 *
 * @param values that hold them among others
 * @param first place of the first class
 * @param classes how many
 */
@SuppressWarnings("ArrayRecordComponent") // a view that does not outlive its caller
record Scores(float[] values, int first, int classes) {
  private static final double PROBABILITY_TOLERANCE = 1e-3;

  /** The class with the highest score, the first of equal ones. */
  int highest() {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      if (values[first + k] > values[first + best]) {
        best = k;
      }
    }
    return best;
  }

  /** Number of scores above one class's; of equal ones the first counts as higher. */
  int place(int label) {
    float own = values[first + label];
    int higher = 0;
    for (int k = 0; k < classes; k++) {
      if (values[first + k] > own || (values[first + k] == own && k < label)) {
        higher++;
      }
    }
    return higher;
  }

  /** KL of these against others, in nats, at least 0. */
  double divergence(Scores others) {
    double[] logs = others.logProbabilities();
    double[] expected = logProbabilities();
    double divergence = 0;
    for (int k = 0; k < classes; k++) {
      double probability = Math.exp(expected[k]);
      divergence += probability == 0 ? 0 : probability * (expected[k] - logs[k]);
    }
    return Math.max(0, divergence);
  }

  /** Scores that are probabilities already are only taken the logarithm of. */
  double[] logProbabilities() {
    double sum = 0;
    double largest = Double.NEGATIVE_INFINITY;
    boolean probabilities = true;
    for (int k = first; k < first + classes; k++) {
      probabilities &= values[k] >= 0;
      sum += values[k];
      largest = Math.max(largest, values[k]);
    }
    double[] logs = new double[classes];
    if (probabilities && Math.abs(sum - 1) < PROBABILITY_TOLERANCE) {
      for (int k = 0; k < classes; k++) {
        logs[k] = Math.log(Math.max(values[first + k], Float.MIN_NORMAL));
      }
      return logs;
    }
    double total = 0;
    for (int k = first; k < first + classes; k++) {
      total += Math.exp(values[k] - largest);
    }
    double shift = largest + Math.log(total);
    for (int k = 0; k < classes; k++) {
      logs[k] = values[first + k] - shift;
    }
    return logs;
  }
}
