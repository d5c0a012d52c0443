package io.pare.algorithm.learning;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Which images each step learns from: all of them in an order drawn for each epoch, cut into
 * batches; what is left over at the end of an epoch waits for a later one. Depends on the seed and
 * the step alone.
 *
 * @param images number of images, at least 1
 * @param size of a batch, from 1 to the number of images
 * @param seed of the orders
 */
public record Batches(int images, int size, long seed) {
  private static final int USUAL = 64;

  public Batches {
    if (images < 1 || size < 1 || size > images) {
      throw new IllegalArgumentException("no batches of " + size + " from " + images + " images");
    }
  }

  /** Batches of 64 images, of all where there are fewer. */
  public static Batches of(int images, long seed) {
    return new Batches(images, Math.min(USUAL, images), seed);
  }

  /** Steps of one epoch. */
  public int perEpoch() {
    return images / size;
  }

  /**
   * The places of a step's images.
   *
   * @param step from 0
   */
  public int[] at(int step) {
    int epoch = step / perEpoch();
    SplittableRandom random = new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (epoch + 1L));
    int[] order = new int[images];
    Arrays.setAll(order, k -> k);
    for (int k = images - 1; k > 0; k--) {
      int other = random.nextInt(k + 1);
      int swapped = order[k];
      order[k] = order[other];
      order[other] = swapped;
    }
    int first = step % perEpoch() * size;
    return Arrays.copyOfRange(order, first, first + size);
  }
}
