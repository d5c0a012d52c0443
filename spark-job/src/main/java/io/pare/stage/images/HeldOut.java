package io.pare.stage.images;

import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * Which images judge the fits instead of being fitted to.
 *
 * @param seed of the draw
 * @param share of the images, in (0, 0.5]
 */
public record HeldOut(long seed, double share) implements Serializable {
  private static final long RUN = 0xD1B54A32D192ED03L;

  /**
   * Whether an image is held out: one of every run of 1 / share neighbours, drawn at random. A
   * fixed place in each run would keep whole classes from the fit where classes take turns.
   */
  public boolean contains(long id) {
    long run = run(id);
    return id == new SplittableRandom(seed + RUN * run).nextLong(first(run), first(run + 1));
  }

  /** The number of the run of neighbours that an image is in. */
  public long run(long id) {
    long run = (long) Math.floor(id * share);
    if (id < first(run)) {
      run--;
    } else if (id >= first(run + 1)) {
      run++;
    }
    return run;
  }

  private long first(long run) {
    return (long) Math.ceil(run / share);
  }
}
