package io.pare.algorithm.learning;

import java.util.OptionalInt;

/** How long a network learns. */
public sealed interface Extent {

  /**
   * Twenty epochs, as far as a bound allows; nothing where these are fewer than 160 steps, which
   * teach little: the same on every machine.
   *
   * @param work multiply-accumulates that all steps may take together, from 0
   */
  record Automatic(double work) implements Extent {
    private static final int EPOCHS = 20;
    private static final int FEWEST_STEPS = 160;

    public Automatic {
      if (!(work >= 0)) {
        throw new IllegalArgumentException("a network cannot learn with " + work + " of work");
      }
    }

    /** Without a bound. */
    public Automatic() {
      this(Double.POSITIVE_INFINITY);
    }

    /**
     * The number of steps; empty where it is not worth it.
     *
     * @param image multiply-accumulates that an image takes in a step, above 0
     */
    public OptionalInt steps(Batches batches, double image) {
      double epochs = (double) EPOCHS * batches.perEpoch();
      return enough(Math.min(epochs, most(batches, image)));
    }

    /**
     * The number of steps of another course after that, no longer than it; empty where the bound
     * leaves too few.
     *
     * @param image multiply-accumulates that an image takes in a step, above 0
     */
    public OptionalInt further(Batches batches, double image) {
      OptionalInt first = steps(batches, image);
      return first.isEmpty()
          ? first
          : enough(Math.min(first.getAsInt(), most(batches, image) - first.getAsInt()));
    }

    private double most(Batches batches, double image) {
      return work / (batches.size() * image);
    }

    private static OptionalInt enough(double steps) {
      return steps < FEWEST_STEPS ? OptionalInt.empty() : OptionalInt.of((int) steps);
    }

    @Override
    public String toString() {
      return "auto";
    }
  }

  /**
   * A number of steps.
   *
   * @param count at least 1
   */
  record Steps(int count) implements Extent {
    public Steps {
      atLeastOne(count, "steps");
    }

    @Override
    public String toString() {
      return "steps=" + count;
    }
  }

  /**
   * As many steps as take that long, by the time of the first ones: others on every machine.
   *
   * @param count at least 1
   */
  record Minutes(int count) implements Extent {
    public Minutes {
      atLeastOne(count, "minutes");
    }

    @Override
    public String toString() {
      return "minutes=" + count;
    }
  }

  private static void atLeastOne(int count, String unit) {
    if (count < 1) {
      throw new IllegalArgumentException("a network cannot learn for " + count + " " + unit);
    }
  }
}
