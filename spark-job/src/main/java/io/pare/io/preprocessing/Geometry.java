package io.pare.io.preprocessing;

import io.pare.io.image.BadImageException;
import io.pare.io.image.BadImageException.Reason;
import io.pare.io.image.RgbImage;
import java.io.Serializable;

/**
 * The first half of a preprocessing: which pixels of an image a network sees.
 *
 * @param resize to which size the image is resized
 * @param crop which part is kept
 * @param interpolation the filter that resizes, always antialiased
 * @param output the size of the result, which is the network's input
 */
public record Geometry(Resize resize, Crop crop, Interpolation interpolation, ImageSize output)
    implements Serializable {

  public Geometry {
    if (crop instanceof Crop.Centre centre) {
      requireOutput(centre.size(), crop.text(), output);
      checkRoom(resize, centre.size());
    } else if (resize instanceof Resize.Exact exact) {
      requireOutput(exact.size(), resize.text(), output);
    } else if (resize instanceof Resize.Shorter) {
      throw new IllegalArgumentException(
          "resize="
              + resize.text()
              + " gives images of different sizes; add crop=centre:"
              + output
              + " or say resize=exact:"
              + output);
    }
  }

  private static void requireOutput(ImageSize size, String step, ImageSize output) {
    if (!size.equals(output)) {
      throw new IllegalArgumentException(
          step + " does not give the " + output + " pixels that the network takes");
    }
  }

  private static void checkRoom(Resize resize, ImageSize crop) {
    ImageSize least = crop;
    if (resize instanceof Resize.Shorter shorter) {
      least = new ImageSize(shorter.side(), shorter.side());
    } else if (resize instanceof Resize.Exact exact) {
      least = exact.size();
    }
    if (least.height() < crop.height() || least.width() < crop.width()) {
      throw new IllegalArgumentException(
          "crop=centre:" + crop + " is larger than what resize=" + resize.text() + " gives");
    }
  }

  /**
   * The network's view of one image.
   *
   * @throws BadImageException with {@link Reason#WRONG_SIZE} if the image is not resized and is
   *     smaller than the crop, or, without a crop, of another size than the output
   */
  public RgbImage apply(RgbImage image) throws BadImageException {
    RgbImage source = image;
    if (crop instanceof Crop.Fraction fraction) {
      source = Resampler.crop(image, fraction.of(sizeOf(image)));
    }
    ImageSize resized = resize.of(sizeOf(source));
    int spareRows = resized.height() - output.height();
    int spareColumns = resized.width() - output.width();
    boolean fits =
        crop instanceof Crop.Centre
            ? spareRows >= 0 && spareColumns >= 0
            : spareRows == 0 && spareColumns == 0;
    if (!fits) {
      throw new BadImageException(
          Reason.WRONG_SIZE,
          "height x width is "
              + sizeOf(image)
              + ", the network takes "
              + output
              + " and the preprocessing does not resize");
    }
    Resampler.Window window = new Resampler.Window(middle(spareColumns), middle(spareRows), output);
    return Resampler.resize(source, resized, interpolation, window);
  }

  /** Half of what is spare, rounded to even. */
  private static int middle(int spare) {
    return (int) Math.rint(spare / 2.0);
  }

  private static ImageSize sizeOf(RgbImage image) {
    return new ImageSize(image.height(), image.width());
  }
}
