package io.pare.algorithm.learning;

/** How long a network learns. */
public sealed interface Extent {

  /** As long as the number of its images and its size suggest: the same on every machine. */
  record Automatic() implements Extent {
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
