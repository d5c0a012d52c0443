package io.pare.model.inference;

/**
 * How often something is run to find its time.
 *
 * @param warmUps runs before the first that counts
 * @param rounds runs that count, of which the median is taken; at least 1
 */
public record Repeats(int warmUps, int rounds) {
  /** Enough for a median on a machine that does other things beside. */
  public static final Repeats USUAL = new Repeats(3, 15);

  public Repeats {
    if (warmUps < 0 || rounds < 1) {
      throw new IllegalArgumentException(
          "%d rounds after %d runs to warm up cannot be".formatted(rounds, warmUps));
    }
  }
}
