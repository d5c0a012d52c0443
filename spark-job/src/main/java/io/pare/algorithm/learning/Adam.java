package io.pare.algorithm.learning;

import java.util.List;
import java.util.function.Function;

/**
 * Weights that learn by Adam (Kingma and Ba 2015, arXiv 1412.6980): steps along the mean gradient,
 * each weight's divided by the root of its mean square, both means corrected for their start at
 * zero. Where weights decay, each step also takes a part of them away, beside the gradient
 * (Loshchilov and Hutter 2019, arXiv 1711.05101). The same gradients give the same bits. Not
 * thread-safe.
 */
public final class Adam {
  private static final float FIRST = 0.9f;
  private static final float SECOND = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final double decay;
  private final float[] weights;
  private final float[] mean;
  private final float[] square;
  private int steps;

  /**
   * Goes on from a state, which stays as it is.
   *
   * @param decay part of the weights that a step takes away, over its rate: from 0, none
   */
  public Adam(State state, double decay) {
    if (!(decay >= 0)) {
      throw new IllegalArgumentException("weights cannot decay by " + decay);
    }
    this.decay = decay;
    weights = state.weights().clone();
    mean = state.mean().clone();
    square = state.square().clone();
    steps = state.steps();
  }

  /**
   * What the next step depends on, beside its gradient.
   *
   * @param steps done
   * @param weights as they are
   * @param mean of the gradient, an entry for each weight
   * @param square mean of the squared gradient, likewise
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record State(int steps, float[] weights, float[] mean, float[] square) {
    public State {
      if (steps < 0 || weights.length != mean.length || mean.length != square.length) {
        throw new IllegalArgumentException(
            "%d steps, %d weights, %d means and %d squares"
                .formatted(steps, weights.length, mean.length, square.length));
      }
    }

    /** Before the first step. */
    public static State of(float[] weights) {
      return new State(0, weights.clone(), new float[weights.length], new float[weights.length]);
    }

    /**
     * The mean of states after equally many steps, of weights and of both means (McMahan et al.
     * 2017, arXiv 1602.05629), added in their order.
     *
     * @param shares of the states, one each; their sum is 1
     */
    public static State mean(List<State> states, double[] shares) {
      return new State(
          states.get(0).steps(),
          mean(states, shares, State::weights),
          mean(states, shares, State::mean),
          mean(states, shares, State::square));
    }

    private static float[] mean(
        List<State> states, double[] shares, Function<State, float[]> part) {
      return WeightedMean.of(states.stream().map(part).toList(), shares);
    }
  }

  /** The present state, copied. */
  public State state() {
    return new State(steps, weights.clone(), mean.clone(), square.clone());
  }

  /** The present weights, not copied: the next step changes them. */
  public float[] weights() {
    return weights;
  }

  /**
   * One step.
   *
   * @param gradient of the loss, an entry for each weight
   * @param rate above 0
   * @throws ArithmeticException when a gradient, its square or a weight is not finite; the weights
   *     are then of no use
   */
  public void step(float[] gradient, double rate) {
    if (gradient.length != weights.length) {
      throw new IllegalArgumentException(
          "%d gradients, not %d".formatted(gradient.length, weights.length));
    }
    steps++;
    float length = (float) (rate / (1 - StrictMath.pow(FIRST, steps)));
    float scale = (float) (1 / (1 - StrictMath.pow(SECOND, steps)));
    move(gradient, length, scale, (float) (1 - rate * decay));
    for (int k = 0; k < weights.length; k++) {
      if (!Float.isFinite(weights[k]) || !Float.isFinite(square[k])) {
        throw new ArithmeticException("weight " + k + " is not finite after step " + steps);
      }
    }
  }

  /** A method of its own, in single precision and without a branch: it runs on vectors. */
  private void move(float[] gradient, float length, float scale, float left) {
    float[] weights = this.weights;
    float[] mean = this.mean;
    float[] square = this.square;
    for (int k = 0; k < weights.length; k++) {
      float slope = gradient[k];
      float first = FIRST * mean[k] + (1 - FIRST) * slope;
      float second = SECOND * square[k] + (1 - SECOND) * (slope * slope);
      mean[k] = first;
      square[k] = second;
      weights[k] =
          left * weights[k] - length * first / ((float) Math.sqrt(second * scale) + EPSILON);
    }
  }
}
