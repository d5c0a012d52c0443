package io.pare.algorithm.candidate;

import java.io.Serializable;

/**
 * What a search for structures is told beside the problem itself.
 *
 * @param admm what the ADMM may take
 * @param together neighbouring inputs that are one channel of whatever computes them, a divisor of
 *     their number: those of a channel that a Flatten lays side by side; 1 elsewhere
 */
public record Search(AdmmBudget admm, int together) implements Serializable {
  public Search {
    if (together < 1) {
      throw new IllegalArgumentException("a channel has at least 1 input, not " + together);
    }
  }
}
