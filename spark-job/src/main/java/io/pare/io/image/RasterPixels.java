package io.pare.io.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;

/**
 * Turns a raster into red, green and blue bytes as Pillow's {@code convert("RGB")} does. The
 * samples are taken as they are: {@code BufferedImage.getRGB} would pass grayscale through a gamma
 * curve.
 */
final class RasterPixels {
  private RasterPixels() {}

  static RgbImage toRgb(BufferedImage image) {
    Raster raster = image.getRaster();
    ColorModel colors = image.getColorModel();
    SampleModel samples = raster.getSampleModel();
    byte[] rgb;
    if (colors instanceof IndexColorModel palette) {
      rgb = fromPalette(raster, palette);
    } else if (samples instanceof ComponentSampleModel
        && samples.getDataType() == DataBuffer.TYPE_BYTE) {
      rgb = fromBytes(raster);
    } else {
      rgb = fromDeepOrPacked(raster);
    }
    return new RgbImage(raster.getWidth(), raster.getHeight(), rgb);
  }

  private static byte[] fromPalette(Raster raster, IndexColorModel palette) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] rgb = new byte[width * height * 3];
    int[] row = new int[width];
    int to = 0;
    for (int y = 0; y < height; y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int index : row) {
        // An index without a colour is black, which the new array holds already.
        if (index < palette.getMapSize()) {
          int color = palette.getRGB(index);
          rgb[to] = (byte) (color >> 16);
          rgb[to + 1] = (byte) (color >> 8);
          rgb[to + 2] = (byte) color;
        }
        to += 3;
      }
    }
    return rgb;
  }

  private static byte[] fromBytes(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    byte[] rgb = new byte[width * height * 3];
    byte[] row = new byte[width * bands];
    // One or two bands are gray, and gray with alpha.
    int green = bands < 3 ? 0 : 1;
    int blue = bands < 3 ? 0 : 2;
    int to = 0;
    for (int y = 0; y < height; y++) {
      raster.getDataElements(0, y, width, 1, row);
      for (int from = 0; from < row.length; from += bands) {
        rgb[to++] = row[from];
        rgb[to++] = row[from + green];
        rgb[to++] = row[from + blue];
      }
    }
    return rgb;
  }

  private static byte[] fromDeepOrPacked(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    int[] bits = raster.getSampleModel().getSampleSize();
    byte[] rgb = new byte[width * height * 3];
    int[] row = new int[width * bands];
    int to = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int from = 0; from < row.length; from += bands) {
        for (int channel = 0; channel < 3; channel++) {
          int band = bands < 3 ? 0 : channel;
          rgb[to++] = (byte) toEightBits(row[from + band], bits[band], bands);
        }
      }
    }
    return rgb;
  }

  private static int toEightBits(int sample, int bits, int bands) {
    if (bits == 8) {
      return sample;
    }
    if (bits > 8) {
      // Pillow holds gray without alpha in 16 bits and clips it; all else loses its low byte.
      return bands == 1 ? Math.min(sample, 255) : sample >> (bits - 8);
    }
    return sample * 255 / ((1 << bits) - 1);
  }
}
