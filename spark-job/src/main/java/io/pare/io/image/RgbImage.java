package io.pare.io.image;

/**
 * A decoded image: 8 bits a channel, red, green, blue interleaved, rows from the top.
 *
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 * @param samples {@code width * height * 3} bytes, unsigned
 */
@SuppressWarnings("ArrayRecordComponent")
public record RgbImage(int width, int height, byte[] samples) {

  public RgbImage {
    if (width < 1 || height < 1 || (long) width * height * 3 != samples.length) {
      throw new IllegalArgumentException(
          "an image of " + width + " x " + height + " cannot hold " + samples.length + " samples");
    }
  }
}
