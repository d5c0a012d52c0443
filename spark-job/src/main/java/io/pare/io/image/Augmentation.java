package io.pare.io.image;

import java.util.SplittableRandom;

/**
 * Another view of an image: shifted by up to an eighth of its size, its edge repeated where the
 * shift leaves nothing, and mirrored left to right every second time. Stateless.
 */
public final class Augmentation {
  private static final int SHARE = 8;

  private Augmentation() {}

  /** A view drawn from a seed, of the same size. */
  public static RgbImage of(RgbImage image, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int down = shift(image.height(), random);
    int right = shift(image.width(), random);
    boolean mirrored = random.nextInt(2) == 1;
    byte[] samples = new byte[image.samples().length];
    for (int y = 0; y < image.height(); y++) {
      int row = within(y + down, image.height());
      for (int x = 0; x < image.width(); x++) {
        int across = mirrored ? image.width() - 1 - x : x;
        int column = within(across + right, image.width());
        int from = 3 * (row * image.width() + column);
        System.arraycopy(image.samples(), from, samples, 3 * (y * image.width() + x), 3);
      }
    }
    return new RgbImage(image.width(), image.height(), samples);
  }

  private static int shift(int size, SplittableRandom random) {
    int most = size / SHARE;
    return random.nextInt(2 * most + 1) - most;
  }

  private static int within(int place, int size) {
    return Math.max(0, Math.min(size - 1, place));
  }
}
