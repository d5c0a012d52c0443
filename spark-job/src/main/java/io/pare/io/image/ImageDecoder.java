package io.pare.io.image;

import io.pare.io.image.BadImageException.Reason;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Decodes JPEG, PNG, GIF and BMP to the pixels that Pillow's {@code
 * Image.open(file).convert("RGB")} gives, because the networks were trained and measured on those.
 *
 * <p>The format is read from the content, never from a name. Colour profiles, gamma and EXIF
 * rotation are ignored, alpha is dropped, palettes are expanded. Samples of 16 bits keep their high
 * byte, except that a grayscale PNG of 16 bits without alpha is clipped at 255, as Pillow does. Of
 * an animated GIF the first frame is taken, on its logical screen.
 *
 * <p>The size is checked in the header, before memory is spent on pixels. Every file that cannot be
 * decoded raises {@link BadImageException}; files that end early do so too, except a baseline JPEG
 * that lacks nothing but its end marker and a PNG that lacks nothing but its end chunk.
 *
 * <p>Safe for use by several threads: every call creates its own reader.
 */
public final class ImageDecoder implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The pixel limit that is used when none is given: 100 million. */
  public static final long DEFAULT_PIXEL_LIMIT = 100_000_000;

  /** The beginnings of formats that are images but not decoded, with their names. */
  private static final List<Signature> UNSUPPORTED =
      List.of(
          new Signature("TIFF", 0, "II*\0"),
          new Signature("TIFF", 0, "MM\0*"),
          new Signature("WebP", 8, "WEBP"),
          new Signature("AVIF", 4, "ftypavi"),
          new Signature("HEIF", 4, "ftyphei"),
          new Signature("HEIF", 4, "ftypmif1"),
          new Signature("JPEG 2000", 0, "\0\0\0\u000cjP  "),
          new Signature("JPEG 2000", 0, "\u00ffO\u00ffQ"),
          new Signature("JPEG XL", 0, "\0\0\0\u000cJXL "),
          new Signature("JPEG XL", 0, "\u00ff\n"),
          new Signature("Photoshop", 0, "8BPS"));

  private record Signature(String format, int offset, String characters) {
    boolean begins(byte[] bytes) {
      byte[] expected = characters.getBytes(StandardCharsets.ISO_8859_1);
      if (bytes.length < offset + expected.length) {
        return false;
      }
      for (int i = 0; i < expected.length; i++) {
        if (bytes[offset + i] != expected[i]) {
          return false;
        }
      }
      return true;
    }
  }

  private static final Signature JPEG = new Signature("JPEG", 0, "\u00ff\u00d8");
  private static final Signature PNG = new Signature("PNG", 0, "\u0089PNG\r\n\u001a\n");
  private static final Signature GIF = new Signature("GIF", 0, "GIF8");
  private static final Signature BMP = new Signature("BMP", 0, "BM");

  private final long pixelLimit;

  /** A decoder that refuses images of more than {@link #DEFAULT_PIXEL_LIMIT} pixels. */
  public ImageDecoder() {
    this(DEFAULT_PIXEL_LIMIT);
  }

  /**
   * A decoder.
   *
   * @param pixelLimit largest width times height that is decoded, at least 1
   */
  public ImageDecoder(long pixelLimit) {
    if (pixelLimit < 1) {
      throw new IllegalArgumentException("the pixel limit must be at least 1, not " + pixelLimit);
    }
    this.pixelLimit = pixelLimit;
  }

  /**
   * Decodes one file.
   *
   * @param bytes the encoded file, left as it is
   * @throws BadImageException if the bytes give no pixels
   */
  public RgbImage decode(byte[] bytes) throws BadImageException {
    if (bytes.length == 0) {
      throw new BadImageException(Reason.EMPTY, "the file has no bytes");
    }
    if (JPEG.begins(bytes)) {
      return JpegFile.parse(bytes).decode(pixelLimit);
    }
    if (PNG.begins(bytes)) {
      return PngFile.parse(bytes).decode(pixelLimit);
    }
    if (GIF.begins(bytes)) {
      return GifFile.parse(bytes).decode(pixelLimit);
    }
    if (BMP.begins(bytes)) {
      return BmpFile.parse(bytes).decode(pixelLimit);
    }
    for (Signature signature : UNSUPPORTED) {
      if (signature.begins(bytes)) {
        throw new BadImageException(
            Reason.UNSUPPORTED,
            signature.format() + " is not read; convert it to JPEG, PNG, GIF or BMP");
      }
    }
    throw new BadImageException(
        Reason.NOT_AN_IMAGE, "the content begins like no image format (" + firstBytes(bytes) + ")");
  }

  /** Refuses a size that the header announces and that is empty or above the limit. */
  static void checkSize(long width, long height, long pixelLimit) throws BadImageException {
    if (width < 1 || height < 1) {
      throw new BadImageException(
          Reason.CORRUPT, "the header says " + width + " x " + height + " pixels");
    }
    // Sides have at most 32 bits, so the product of two cannot overflow a long.
    long pixels = width * height;
    // Three samples a pixel must fit into one array, whatever limit was given.
    long limit = Math.min(pixelLimit, Integer.MAX_VALUE / 3 - 16);
    if (pixels > limit) {
      throw new BadImageException(
          Reason.TOO_LARGE,
          width + " x " + height + " = " + pixels + " pixels, the limit is " + limit);
    }
  }

  private static String firstBytes(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(4, bytes.length); i++) {
      text.append(i == 0 ? "" : " ").append(String.format("%02x", bytes[i]));
    }
    return text.toString();
  }
}
