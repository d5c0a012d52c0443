package io.pare.io.image;

import io.pare.io.image.BadImageException.Reason;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;

/**
 * A JPEG file (ITU-T T.81) reduced to the segments that make its pixels. Colour profiles are left
 * out, because ImageIO would apply them, and with them EXIF data, thumbnails and comments, whose
 * faults are no faults of the picture. JFIF and Adobe segments stay: they name the colour space.
 */
final class JpegFile {
  private static final int APP0 = 0xe0;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COM = 0xfe;
  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int DHT = 0xc4;
  private static final int JPG = 0xc8;
  private static final int DAC = 0xcc;

  private final byte[] source;
  private final ByteArrayOutputStream kept;
  private int position = 2;
  private int frame = -1;
  private int precision;
  private int height;
  private int width;
  private int components;
  private int componentsOfFirstScan;

  private JpegFile(byte[] source) {
    this.source = source;
    this.kept = new ByteArrayOutputStream(source.length);
  }

  /** Reads the segments up to the first scan. */
  static JpegFile parse(byte[] bytes) throws BadImageException {
    JpegFile file = new JpegFile(bytes);
    file.kept.write(0xff);
    file.kept.write(SOI);
    file.readSegments();
    return file;
  }

  RgbImage decode(long pixelLimit) throws BadImageException {
    // 0, 1, 2: baseline, extended and progressive, all with Huffman codes.
    if (frame > 2 || precision != 8 || components == 2 || components > 4) {
      throw new BadImageException(
          Reason.UNSUPPORTED,
          "JPEG of process "
              + frame
              + " with "
              + components
              + " components of "
              + precision
              + " bits; baseline and progressive with 1, 3 or 4 components of 8 bits are read");
    }
    ImageDecoder.checkSize(width, height, pixelLimit);
    PixelReader.Result result = PixelReader.JPEG.read(kept.toByteArray(), Reason.CORRUPT);
    checkWarnings(result.warnings());
    return RasterPixels.toRgb(result.image());
  }

  /**
   * The decoder fills what is missing with grey and says so in a warning only. Bytes between
   * segments do no harm, as for Pillow.
   */
  private void checkWarnings(List<String> warnings) throws BadImageException {
    boolean noEnd = false;
    String damage = "";
    for (String warning : warnings) {
      String lower = warning.toLowerCase(Locale.ROOT);
      noEnd |= lower.contains("missing eoi") || lower.contains("premature end of jpeg file");
      if (lower.contains("corrupt jpeg data") && !lower.contains("extraneous bytes")) {
        damage = warning;
      }
    }
    boolean completeWithoutEnd = frame < 2 && componentsOfFirstScan == components;
    if (noEnd && (!damage.isEmpty() || !completeWithoutEnd)) {
      throw truncated();
    }
    if (!damage.isEmpty()) {
      throw new BadImageException(Reason.CORRUPT, damage);
    }
  }

  private void readSegments() throws BadImageException {
    while (true) {
      int marker = nextMarker();
      if (marker == EOI) {
        throw new BadImageException(Reason.CORRUPT, "the JPEG file holds no scan");
      }
      if (marker == SOI || marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
        continue;
      }
      int length = length();
      if (isFrame(marker)) {
        readFrame(marker, length);
      }
      if (marker == SOS) {
        if (frame < 0) {
          throw new BadImageException(Reason.CORRUPT, "the JPEG file holds a scan but no frame");
        }
        componentsOfFirstScan = source[position + 2] & 0xff;
        keep(marker, source.length - position);
        return;
      }
      if (makesPixels(marker)) {
        keep(marker, length);
      }
      position += length;
    }
  }

  private void readFrame(int marker, int length) throws BadImageException {
    if (length < 8) {
      throw new BadImageException(Reason.CORRUPT, "a JPEG frame header of " + length + " bytes");
    }
    frame = marker - 0xc0;
    precision = source[position + 2] & 0xff;
    height = unsignedShort(position + 3);
    width = unsignedShort(position + 5);
    components = source[position + 7] & 0xff;
  }

  /** The code of the next marker; {@link #position} is left behind it. */
  private int nextMarker() throws BadImageException {
    while (position + 1 < source.length) {
      int code = source[position + 1] & 0xff;
      if ((source[position] & 0xff) == 0xff && code != 0xff && code != 0) {
        position += 2;
        return code;
      }
      position++;
    }
    throw truncated();
  }

  /** The length of the segment at {@link #position}, its own two bytes included. */
  private int length() throws BadImageException {
    if (position + 2 > source.length) {
      throw truncated();
    }
    int length = unsignedShort(position);
    if (length < 2) {
      throw new BadImageException(Reason.CORRUPT, "a JPEG segment of " + length + " bytes");
    }
    if (length > source.length - position || (length == 2 && source.length - position < 3)) {
      throw truncated();
    }
    return length;
  }

  private void keep(int marker, int length) {
    kept.write(0xff);
    kept.write(marker);
    kept.write(source, position, length);
  }

  private int unsignedShort(int at) {
    return (source[at] & 0xff) << 8 | (source[at + 1] & 0xff);
  }

  private BadImageException truncated() {
    return new BadImageException(
        Reason.TRUNCATED, "the JPEG file ends after " + source.length + " bytes");
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != DHT && marker != JPG && marker != DAC;
  }

  private static boolean makesPixels(int marker) {
    boolean application = marker >= APP0 && marker <= APP15;
    return marker == APP0 || marker == APP14 || !(application || marker == COM);
  }
}
