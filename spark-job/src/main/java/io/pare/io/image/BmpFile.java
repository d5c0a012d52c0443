package io.pare.io.image;

import io.pare.io.image.BadImageException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of a Windows bitmap, as far as it must be checked before ImageIO may see the file.
 *
 * @param bytes the whole file
 * @param width pixels as the header says, possibly negative
 * @param height pixels as the header says, without the sign that means rows from the top
 */
@SuppressWarnings("ArrayRecordComponent")
record BmpFile(byte[] bytes, long width, long height) {
  private static final int FILE_HEADER = 14;
  private static final int OLD_HEADER = 12;
  private static final int COMPRESSION_JPEG = 4;
  private static final int COMPRESSION_PNG = 5;

  static BmpFile parse(byte[] bytes) throws BadImageException {
    if (bytes.length < FILE_HEADER + OLD_HEADER) {
      throw truncated(bytes);
    }
    ByteBuffer source = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    // ImageIO allocates a palette up to here, however far beyond the end it is.
    if (Integer.toUnsignedLong(source.getInt(10)) > bytes.length) {
      throw truncated(bytes);
    }
    if (source.getInt(14) == OLD_HEADER) {
      return new BmpFile(
          bytes,
          Short.toUnsignedInt(source.getShort(18)),
          Short.toUnsignedInt(source.getShort(20)));
    }
    if (bytes.length < FILE_HEADER + 40) {
      throw truncated(bytes);
    }
    int compression = source.getInt(30);
    if (compression == COMPRESSION_JPEG || compression == COMPRESSION_PNG) {
      throw new BadImageException(Reason.UNSUPPORTED, "a JPEG or PNG inside a BMP file");
    }
    return new BmpFile(bytes, source.getInt(18), Math.abs((long) source.getInt(22)));
  }

  RgbImage decode(long pixelLimit) throws BadImageException {
    ImageDecoder.checkSize(width, height, pixelLimit);
    return RasterPixels.toRgb(PixelReader.BMP.read(bytes, Reason.CORRUPT).image());
  }

  private static BadImageException truncated(byte[] bytes) {
    return new BadImageException(
        Reason.TRUNCATED, "the BMP file ends after " + bytes.length + " bytes");
  }
}
