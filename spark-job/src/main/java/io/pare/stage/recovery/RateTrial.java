package io.pare.stage.recovery;

import io.pare.algorithm.learning.RateSchedule;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Short trials of some rates, and how long they took. Not thread-safe. */
final class RateTrial {
  private static final Logger LOG = LoggerFactory.getLogger(RateTrial.class);

  private static final double[] RATES = {3e-3, 1e-3, 3e-4, 1e-4, 3e-5};
  private static final int STEPS = 16;

  /**
   * Of the divergence at the start, what a trial may end with. Early steps disturb a fitted network
   * more than they teach it, and short trials speak for rates that are too small to teach it later.
   */
  private static final double TOLERATED = 1.5;

  /** Times the loss of its first step, beyond which a trial does not go on: none comes back. */
  private static final double HOPELESS = 20;

  private final LearningSteps steps;
  private final double divergence;
  private double seconds;
  private int done;

  /**
   * Trials of a network.
   *
   * @param divergence at the start
   */
  RateTrial(LearningSteps steps, double divergence) {
    this.steps = steps;
    this.divergence = divergence;
  }

  /** The largest of the rates that are below another. */
  static OptionalDouble below(double other) {
    return Arrays.stream(RATES).filter(rate -> rate < other).max();
  }

  /** How long the steps of all trials took. */
  double seconds() {
    return seconds;
  }

  double secondsOfStep() {
    return Math.max(1e-3, seconds / Math.max(1, done));
  }

  /** The largest rate whose trial the network survives; the smallest where there is none. */
  double best(float[] weights) {
    for (double rate : RATES) {
      double reached = reached(weights, rate);
      LOG.info("recovery: a trial at {} leads from {} to {}", rate, divergence, reached);
      if (reached <= TOLERATED * divergence) {
        return rate;
      }
    }
    return RATES[RATES.length - 1];
  }

  /** The divergence at the end; infinite where it is not worth knowing. */
  private double reached(float[] weights, double rate) {
    steps.describe("recovery: try a rate of " + rate);
    try {
      return survived(weights, rate)
          .map(learned -> steps.judged(STEPS, 0, learned).divergence())
          .orElse(Double.POSITIVE_INFINITY);
    } catch (ArithmeticException e) {
      LOG.info("recovery: a trial at {} is given up: {}", rate, e.getMessage());
      return Double.POSITIVE_INFINITY;
    }
  }

  /** Where the steps lead; to nothing where the loss leaves its bounds. */
  private Optional<float[]> survived(float[] weights, double rate) {
    LearningSteps.Pace pace =
        new LearningSteps.Pace(new RateSchedule(rate, STEPS, STEPS / 4), 0, false);
    LearningSteps.Taken taken = new LearningSteps.Taken(steps.from(weights), 0, 0);
    double first = Double.NaN;
    while (taken.end() < STEPS) {
      long begin = System.nanoTime();
      int step = taken.end();
      taken = steps.take(taken.adam(), step, STEPS, pace);
      seconds += (System.nanoTime() - begin) / 1e9;
      done += taken.end() - step;
      first = step == 0 ? taken.loss() : first;
      if (taken.loss() > HOPELESS * first) {
        LOG.info(
            "recovery: a trial at {} is given up: its loss rises from {} to {} in {} steps",
            rate,
            first,
            taken.loss(),
            taken.end());
        return Optional.empty();
      }
    }
    return Optional.of(taken.adam().weights());
  }
}
