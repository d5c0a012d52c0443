package io.pare.io.preprocessing;

import java.io.Serializable;

/** The first step of a preprocessing: to which size an image is resized before it is cropped. */
public sealed interface Resize extends Serializable {

  /** The step as a configuration holds it. */
  String text();

  /** The image stays as it is. */
  record None() implements Resize {
    @Override
    public String text() {
      return "none";
    }
  }

  /**
   * The shorter side gets a fixed length and the aspect ratio stays; the longer side is truncated
   * to whole pixels, as torchvision's {@code Resize(side)} does.
   *
   * @param side pixels, at least 1
   */
  record Shorter(int side) implements Resize {
    public Shorter {
      if (side < 1) {
        throw new IllegalArgumentException("the shorter side must be at least 1, not " + side);
      }
    }

    @Override
    public String text() {
      return "shorter:" + side;
    }
  }

  /**
   * Both sides get fixed lengths, whatever the aspect ratio was.
   *
   * @param size of the resized image
   */
  record Exact(ImageSize size) implements Resize {
    @Override
    public String text() {
      return "exact:" + size;
    }
  }

  /** The size of the resized image. */
  default ImageSize of(ImageSize image) {
    if (this instanceof Exact exact) {
      return exact.size();
    }
    if (this instanceof Shorter shorter) {
      long side = shorter.side();
      int height = image.height();
      int width = image.width();
      return height < width
          ? new ImageSize((int) side, (int) (side * width / height))
          : new ImageSize((int) (side * height / width), (int) side);
    }
    return image;
  }
}
