package io.pare.io.preprocessing;

import io.pare.io.image.RgbImage;
import java.util.Arrays;

/**
 * Resizes images as Pillow's {@code Image.resize} does, to the same bytes: a separable filter with
 * weights in fixed point, first along the rows, rounded to 8 bits, then along the columns. Only the
 * part of the result that is asked for is computed. Safe for several threads.
 *
 * <p>Pillow 13 resizes along the columns first where the height shrinks clearly more than the
 * width. Its results then differ, by a few grey levels where the aspect ratio is kept and by more
 * where it is not; all earlier versions, on which published accuracies rest, do as this class does.
 */
public final class Resampler {
  private Resampler() {}

  /**
   * A rectangle of an image.
   *
   * @param x first column
   * @param y first row
   * @param size rows and columns
   */
  record Window(int x, int y, ImageSize size) {}

  /** Resizes a whole image. */
  public static RgbImage resize(RgbImage image, ImageSize size, Interpolation interpolation) {
    return resize(image, size, interpolation, new Window(0, 0, size));
  }

  /**
   * Resizes an image and crops the result.
   *
   * @param size of the whole resized image
   * @param window the part of the resized image that is returned; must lie inside it
   */
  static RgbImage resize(
      RgbImage image, ImageSize size, Interpolation interpolation, Window window) {
    int width = window.size().width();
    int height = window.size().height();
    if (window.x() < 0
        || window.y() < 0
        || window.x() + width > size.width()
        || window.y() + height > size.height()) {
      throw new IllegalArgumentException(window + " is not inside an image of " + size);
    }
    if (size.width() == image.width() && size.height() == image.height()) {
      return crop(image, window);
    }
    ResamplingWeights columns =
        ResamplingWeights.of(
            image.width(), size.width(), window.x(), window.x() + width, interpolation);
    ResamplingWeights rows =
        ResamplingWeights.of(
            image.height(), size.height(), window.y(), window.y() + height, interpolation);
    int[] narrowed = alongRows(image, columns, rows.begin(), rows.end());
    return new RgbImage(width, height, alongColumns(narrowed, width * 3, rows));
  }

  /** Cuts a rectangle out of an image. */
  static RgbImage crop(RgbImage image, Window window) {
    int width = window.size().width();
    int height = window.size().height();
    if (width == image.width() && height == image.height()) {
      return image;
    }
    byte[] samples = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      int from = ((window.y() + y) * image.width() + window.x()) * 3;
      System.arraycopy(image.samples(), from, samples, y * width * 3, width * 3);
    }
    return new RgbImage(width, height, samples);
  }

  /** The rows {@code begin} to {@code end}, resized along x; grey levels held as integers. */
  private static int[] alongRows(RgbImage image, ResamplingWeights columns, int begin, int end) {
    byte[] source = image.samples();
    int width = columns.first().length;
    int[] target = new int[(end - begin) * width * 3];
    int to = 0;
    for (int y = begin; y < end; y++) {
      int row = y * image.width() * 3;
      for (int x = 0; x < width; x++) {
        int[] weights = columns.weights()[x];
        int from = row + columns.first()[x] * 3;
        int red = ResamplingWeights.HALF;
        int green = ResamplingWeights.HALF;
        int blue = ResamplingWeights.HALF;
        for (int weight : weights) {
          red += (source[from] & 0xff) * weight;
          green += (source[from + 1] & 0xff) * weight;
          blue += (source[from + 2] & 0xff) * weight;
          from += 3;
        }
        target[to] = clip(red);
        target[to + 1] = clip(green);
        target[to + 2] = clip(blue);
        to += 3;
      }
    }
    return target;
  }

  /** Resizes along y. Row by row, so that the inner loop runs over neighbours. */
  private static byte[] alongColumns(int[] source, int rowLength, ResamplingWeights rows) {
    int height = rows.first().length;
    int begin = rows.begin();
    byte[] target = new byte[height * rowLength];
    int[] sums = new int[rowLength];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, ResamplingWeights.HALF);
      int from = (rows.first()[y] - begin) * rowLength;
      for (int weight : rows.weights()[y]) {
        for (int i = 0; i < rowLength; i++) {
          sums[i] += source[from + i] * weight;
        }
        from += rowLength;
      }
      int to = y * rowLength;
      for (int i = 0; i < rowLength; i++) {
        target[to + i] = (byte) clip(sums[i]);
      }
    }
    return target;
  }

  private static int clip(int sum) {
    return Math.max(0, Math.min(255, sum >> ResamplingWeights.PRECISION));
  }
}
