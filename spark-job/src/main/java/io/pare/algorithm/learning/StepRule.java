package io.pare.algorithm.learning;

/**
 * How gradients become steps.
 *
 * @param decay part of the weights that a step takes away, over its rate, from 0, none, to 1
 * @param localSteps steps that each chunk of a batch takes on its own before the mean is taken of
 *     what they came to, from 1, which takes the mean of the gradients instead, to 64
 */
public record StepRule(double decay, int localSteps) {
  public static final double LARGEST_DECAY = 1;
  public static final int MOST_LOCAL_STEPS = 64;

  public StepRule {
    if (!(decay >= 0 && decay <= LARGEST_DECAY)
        || localSteps < 1
        || localSteps > MOST_LOCAL_STEPS) {
      throw new IllegalArgumentException(
          "no steps with a decay of %s, %d of them local".formatted(decay, localSteps));
    }
  }
}
