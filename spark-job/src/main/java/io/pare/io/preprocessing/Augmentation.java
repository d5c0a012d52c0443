package io.pare.io.preprocessing;

import io.pare.io.image.RgbImage;
import java.util.SplittableRandom;

/**
 * Another view of an image, of the same size, mirrored left to right every second time. Of one of
 * at least 64 pixels a side it is a part, a third to all of its area and of a shape between 3:4 and
 * 4:3, resized (Szegedy et al. 2015, arXiv 1409.4842); a smaller one, which has no detail to spare,
 * is shifted by up to an eighth of its size, its edge repeated where the shift leaves nothing.
 * Stateless.
 */
public final class Augmentation {
  private static final int RESIZED = 64;
  private static final double LEAST_AREA = 0.35;
  private static final double WIDEST = 4.0 / 3;
  private static final int SHIFTED = 8;

  private Augmentation() {}

  /** A view drawn from a seed, of the same size. */
  public static RgbImage of(RgbImage image, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RgbImage view =
        Math.min(image.width(), image.height()) < RESIZED
            ? shifted(image, random)
            : part(image, random);
    return random.nextInt(2) == 1 ? mirrored(view) : view;
  }

  private static RgbImage part(RgbImage image, SplittableRandom random) {
    double area = LEAST_AREA + (1 - LEAST_AREA) * random.nextDouble();
    double shape = Math.pow(WIDEST, 2 * random.nextDouble() - 1);
    int width = side(image.width(), Math.sqrt(area * shape));
    int height = side(image.height(), Math.sqrt(area / shape));
    Resampler.Window window =
        new Resampler.Window(
            random.nextInt(image.width() - width + 1),
            random.nextInt(image.height() - height + 1),
            new ImageSize(height, width));
    return Resampler.resize(
        Resampler.crop(image, window),
        new ImageSize(image.height(), image.width()),
        Interpolation.BILINEAR);
  }

  private static int side(int whole, double share) {
    return (int) Math.min(whole, Math.round(whole * share));
  }

  private static RgbImage shifted(RgbImage image, SplittableRandom random) {
    int down = shift(image.height(), random);
    int right = shift(image.width(), random);
    byte[] samples = new byte[image.samples().length];
    for (int y = 0; y < image.height(); y++) {
      int row = within(y + down, image.height());
      for (int x = 0; x < image.width(); x++) {
        int from = 3 * (row * image.width() + within(x + right, image.width()));
        System.arraycopy(image.samples(), from, samples, 3 * (y * image.width() + x), 3);
      }
    }
    return new RgbImage(image.width(), image.height(), samples);
  }

  private static RgbImage mirrored(RgbImage image) {
    byte[] samples = new byte[image.samples().length];
    for (int row = 0; row < samples.length; row += 3 * image.width()) {
      for (int x = 0; x < image.width(); x++) {
        int from = row + 3 * (image.width() - 1 - x);
        System.arraycopy(image.samples(), from, samples, row + 3 * x, 3);
      }
    }
    return new RgbImage(image.width(), image.height(), samples);
  }

  private static int shift(int size, SplittableRandom random) {
    int most = size / SHIFTED;
    return random.nextInt(2 * most + 1) - most;
  }

  private static int within(int place, int size) {
    return Math.max(0, Math.min(size - 1, place));
  }
}
