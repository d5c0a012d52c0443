package io.pare.algorithm.learning;

/**
 * Adam (Kingma and Ba 2015, arXiv 1412.6980): steps along the mean gradient, each weight's divided
 * by the root of its mean square, both means corrected for their start at zero. No decay of
 * weights. The same gradients give the same bits. Not thread-safe.
 */
public final class Adam {
  private static final float FIRST = 0.9f;
  private static final float SECOND = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final float[] mean;
  private final float[] square;
  private int steps;

  /** A start from nothing for so many weights. */
  public Adam(int weights) {
    this(new State(0, new float[weights], new float[weights]));
  }

  /** Goes on from where another came to. */
  public Adam(State state) {
    mean = state.mean().clone();
    square = state.square().clone();
    steps = state.steps();
  }

  /**
   * What the next step depends on.
   *
   * @param steps done
   * @param mean of the gradient, an entry for each weight
   * @param square mean of the squared gradient, likewise
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record State(int steps, float[] mean, float[] square) {
    public State {
      if (steps < 0 || mean.length != square.length) {
        throw new IllegalArgumentException(
            steps + " steps, " + mean.length + " means and " + square.length + " squares");
      }
    }
  }

  /** The present state, copied. */
  public State state() {
    return new State(steps, mean.clone(), square.clone());
  }

  /**
   * One step.
   *
   * @param weights changed in place
   * @param gradient of the loss, an entry for each weight
   * @param rate above 0
   * @throws ArithmeticException when a gradient, its square or a weight is not finite; the weights
   *     are then of no use
   */
  public void step(float[] weights, float[] gradient, double rate) {
    if (weights.length != mean.length || gradient.length != mean.length) {
      throw new IllegalArgumentException(
          "%d weights and %d gradients, not %d"
              .formatted(weights.length, gradient.length, mean.length));
    }
    steps++;
    float length = (float) (rate / (1 - StrictMath.pow(FIRST, steps)));
    float scale = (float) (1 / (1 - StrictMath.pow(SECOND, steps)));
    move(weights, gradient, length, scale);
    for (int k = 0; k < weights.length; k++) {
      if (!Float.isFinite(weights[k]) || !Float.isFinite(square[k])) {
        throw new ArithmeticException("weight " + k + " is not finite after step " + steps);
      }
    }
  }

  /** A method of its own, in single precision and without a branch: it runs on vectors. */
  private void move(float[] weights, float[] gradient, float length, float scale) {
    float[] mean = this.mean;
    float[] square = this.square;
    for (int k = 0; k < weights.length; k++) {
      float slope = gradient[k];
      float first = FIRST * mean[k] + (1 - FIRST) * slope;
      float second = SECOND * square[k] + (1 - SECOND) * (slope * slope);
      mean[k] = first;
      square[k] = second;
      weights[k] -= length * first / ((float) Math.sqrt(second * scale) + EPSILON);
    }
  }
}
