package io.pare.io.image;

import io.pare.io.image.BadImageException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A PNG file (ISO/IEC 15948) reduced to the chunks that make its pixels. Texts, profiles, gamma and
 * transparency are left out: none of them changes the colours that Pillow gives, and their faults
 * are no faults of the picture.
 *
 * @param bytes signature and the chunks IHDR, PLTE, IDAT, IEND
 * @param width from the header, as an unsigned number
 * @param height from the header, as an unsigned number
 * @param whenUnreadable why decoding can fail: truncated if the file has no end chunk, else corrupt
 */
@SuppressWarnings("ArrayRecordComponent")
record PngFile(byte[] bytes, long width, long height, Reason whenUnreadable) {
  private static final int SIGNATURE_LENGTH = 8;
  private static final Set<String> KEPT = Set.of("IHDR", "PLTE", "IDAT", "IEND");

  static PngFile parse(byte[] bytes) throws BadImageException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(bytes.length);
    kept.write(bytes, 0, SIGNATURE_LENGTH);
    ByteBuffer source = ByteBuffer.wrap(bytes);
    long width = -1;
    long height = -1;
    String type = "";
    for (int at = SIGNATURE_LENGTH; !type.equals("IEND") && bytes.length - at >= 12; ) {
      long length = Integer.toUnsignedLong(source.getInt(at));
      type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (length > bytes.length - at - 12) {
        if (KEPT.contains(type)) {
          throw truncated(bytes);
        }
        break;
      }
      int size = (int) length + 12;
      if (KEPT.contains(type)) {
        checkSum(bytes, at, size);
        kept.write(bytes, at, size);
      }
      if (type.equals("IHDR") && length == 13 && width < 0) {
        width = Integer.toUnsignedLong(source.getInt(at + 8));
        height = Integer.toUnsignedLong(source.getInt(at + 12));
      } else if (width < 0) {
        throw new BadImageException(Reason.CORRUPT, "the PNG file does not begin with a header");
      }
      at += size;
    }
    if (width < 0) {
      throw truncated(bytes);
    }
    Reason reason = type.equals("IEND") ? Reason.CORRUPT : Reason.TRUNCATED;
    return new PngFile(kept.toByteArray(), width, height, reason);
  }

  RgbImage decode(long pixelLimit) throws BadImageException {
    ImageDecoder.checkSize(width, height, pixelLimit);
    return RasterPixels.toRgb(PixelReader.PNG.read(bytes, whenUnreadable).image());
  }

  /** ImageIO does not look at the check sums of chunks; Pillow does. */
  private static void checkSum(byte[] bytes, int at, int size) throws BadImageException {
    CRC32 sum = new CRC32();
    sum.update(bytes, at + 4, size - 8);
    if ((int) sum.getValue() != ByteBuffer.wrap(bytes).getInt(at + size - 4)) {
      throw new BadImageException(
          Reason.CORRUPT, "the check sum of the PNG chunk at byte " + at + " is wrong");
    }
  }

  private static BadImageException truncated(byte[] bytes) {
    return new BadImageException(
        Reason.TRUNCATED, "the PNG file ends after " + bytes.length + " bytes");
  }
}
