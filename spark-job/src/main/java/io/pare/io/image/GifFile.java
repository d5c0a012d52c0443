package io.pare.io.image;

import io.pare.io.image.BadImageException.Reason;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first frame of a GIF file (GIF89a) and its place on the logical screen. The screen is grown
 * to hold the frame, and what the frame leaves free shows its transparent colour, or colour 0.
 *
 * @param bytes the whole file
 * @param screenWidth pixels, grown to hold the frame
 * @param screenHeight pixels, grown to hold the frame
 * @param left first column of the frame
 * @param top first row of the frame
 * @param background index of the colour around the frame
 */
@SuppressWarnings("ArrayRecordComponent")
record GifFile(byte[] bytes, int screenWidth, int screenHeight, int left, int top, int background) {
  private static final int EXTENSION = 0x21;
  private static final int GRAPHIC_CONTROL = 0xf9;
  private static final int IMAGE = 0x2c;

  static GifFile parse(byte[] bytes) throws BadImageException {
    try {
      return parse(bytes, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(6));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new BadImageException(
          Reason.TRUNCATED, "the GIF file ends after " + bytes.length + " bytes");
    }
  }

  private static GifFile parse(byte[] bytes, ByteBuffer source) throws BadImageException {
    int screenWidth = Short.toUnsignedInt(source.getShort());
    int screenHeight = Short.toUnsignedInt(source.getShort());
    byte flags = source.get();
    source.position(source.position() + 2);
    skipColors(source, flags);
    int background = 0;
    while (true) {
      int block = Byte.toUnsignedInt(source.get());
      if (block == EXTENSION) {
        int label = Byte.toUnsignedInt(source.get());
        if (label == GRAPHIC_CONTROL && (source.get(source.position() + 1) & 1) != 0) {
          background = Byte.toUnsignedInt(source.get(source.position() + 4));
        }
        skipSubBlocks(source);
      } else if (block == IMAGE) {
        int left = Short.toUnsignedInt(source.getShort());
        int top = Short.toUnsignedInt(source.getShort());
        int width = Short.toUnsignedInt(source.getShort());
        int height = Short.toUnsignedInt(source.getShort());
        skipColors(source, source.get());
        source.get();
        // To the end of the frame: the decoder does not always notice that it is missing.
        skipSubBlocks(source);
        return new GifFile(
            bytes,
            Math.max(screenWidth, left + width),
            Math.max(screenHeight, top + height),
            left,
            top,
            background);
      } else {
        throw new BadImageException(
            Reason.CORRUPT, "the GIF file holds no image before byte " + source.position());
      }
    }
  }

  private static void skipColors(ByteBuffer source, byte flags) {
    boolean present = (flags & 0x80) != 0;
    source.position(source.position() + (present ? 3 * (2 << (flags & 7)) : 0));
  }

  private static void skipSubBlocks(ByteBuffer source) {
    for (int size = Byte.toUnsignedInt(source.get());
        size > 0;
        size = Byte.toUnsignedInt(source.get())) {
      source.position(source.position() + size);
    }
  }

  RgbImage decode(long pixelLimit) throws BadImageException {
    ImageDecoder.checkSize(screenWidth, screenHeight, pixelLimit);
    BufferedImage frame = PixelReader.GIF.read(bytes, Reason.CORRUPT).image();
    RgbImage pixels = RasterPixels.toRgb(frame);
    if (pixels.width() == screenWidth && pixels.height() == screenHeight) {
      return pixels;
    }
    byte[] screen = new byte[screenWidth * screenHeight * 3];
    if (frame.getColorModel() instanceof IndexColorModel palette
        && background < palette.getMapSize()) {
      for (int i = 0; i < screen.length; i += 3) {
        screen[i] = (byte) palette.getRed(background);
        screen[i + 1] = (byte) palette.getGreen(background);
        screen[i + 2] = (byte) palette.getBlue(background);
      }
    }
    int row = pixels.width() * 3;
    for (int y = 0; y < pixels.height(); y++) {
      System.arraycopy(
          pixels.samples(), y * row, screen, ((top + y) * screenWidth + left) * 3, row);
    }
    return new RgbImage(screenWidth, screenHeight, screen);
  }
}
