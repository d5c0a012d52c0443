package io.pare.algorithm.statistics;

import java.io.Serializable;

/**
 * What one output of a network holds for one image: at each of some positions the scores of
 * classes, one after the other, or values that are to be met.
 *
 * @param name of the output
 * @param positions at least 1
 * @param classes at each position; 1 for values
 */
public record OutputLayout(String name, int positions, int classes) implements Serializable {
  public OutputLayout {
    if (positions < 1 || classes < 1) {
      throw new IllegalArgumentException(
          "an output of %d positions with %d classes cannot be".formatted(positions, classes));
    }
    Math.multiplyExact(positions, classes);
  }

  /** Whether it holds scores. */
  public boolean isScores() {
    return classes > 1;
  }

  /** Whether it says of an image as a whole what it shows. */
  public boolean isClassifier() {
    return isScores() && positions == 1;
  }

  /** Number of values. */
  public int values() {
    return positions * classes;
  }
}
