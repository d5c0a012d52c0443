package io.pare.io.preprocessing;

import java.io.Serializable;

/** The part of an image that a preprocessing keeps. */
public sealed interface Crop extends Serializable {

  /** The step as a configuration holds it. */
  String text();

  /** The whole image. */
  record None() implements Crop {
    @Override
    public String text() {
      return "none";
    }
  }

  /**
   * A rectangle of fixed size from the middle of the resized image. An offset of half a pixel is
   * rounded to even, as torchvision's {@code CenterCrop} does.
   *
   * @param size of the rectangle
   */
  record Centre(ImageSize size) implements Crop {
    @Override
    public String text() {
      return "centre:" + size;
    }
  }

  /**
   * The middle of the image by a fraction of each side, taken BEFORE the image is resized, as
   * {@code tf.image.central_crop} in TF-slim does.
   *
   * @param fraction of each side, above 0 and at most 1
   */
  record Fraction(double fraction) implements Crop {
    public Fraction {
      if (!(fraction > 0 && fraction <= 1)) {
        throw new IllegalArgumentException(
            "the fraction of a crop must be above 0 and at most 1, not " + fraction);
      }
    }

    @Override
    public String text() {
      return "fraction:" + fraction;
    }

    /** The part of an image of the given size that is kept. */
    Resampler.Window of(ImageSize image) {
      int y = (int) ((image.height() - image.height() * fraction) / 2);
      int x = (int) ((image.width() - image.width() * fraction) / 2);
      return new Resampler.Window(
          x, y, new ImageSize(image.height() - 2 * y, image.width() - 2 * x));
    }
  }
}
