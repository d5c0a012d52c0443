package io.pare.io.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import io.pare.Causes;
import io.pare.io.image.BadImageException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * ImageIO's reader for one format. Safe for several threads, because every call makes a reader of
 * its own: ImageIO's readers are not.
 */
final class PixelReader {
  /** TwelveMonkeys over the JDK's decoder: it reads CMYK and the files that the JDK stumbles on. */
  static final PixelReader JPEG = new PixelReader(registeredJpegProvider());

  static final PixelReader PNG = new PixelReader(providerOfJdk("png"));
  static final PixelReader GIF = new PixelReader(providerOfJdk("gif"));
  static final PixelReader BMP = new PixelReader(providerOfJdk("bmp"));

  private final ImageReaderSpi provider;

  private PixelReader(ImageReaderSpi provider) {
    this.provider = provider;
  }

  /**
   * An image as ImageIO holds it.
   *
   * @param image raster and colour model
   * @param warnings what the decoder complained about
   */
  record Result(BufferedImage image, List<String> warnings) {}

  /**
   * Reads the first image.
   *
   * @param whenUnreadable the reason of the exception when the decoder gives up, unless it says
   *     that the file ended
   */
  Result read(byte[] bytes, Reason whenUnreadable) throws BadImageException {
    List<String> warnings = new ArrayList<>();
    try (ImageInputStream input =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      ImageReader reader = provider.createReaderInstance();
      try {
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(input, /* seekForwardOnly= */ true, /* ignoreMetadata= */ true);
        return new Result(reader.read(0), warnings);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // Decoders meet damage with whatever exception it causes: an index, a negative array size.
      boolean ended = hasEnded(e) || warnings.stream().anyMatch(w -> w.contains("Missing EOI"));
      throw new BadImageException(ended ? Reason.TRUNCATED : whenUnreadable, describe(e));
    }
  }

  private static boolean hasEnded(Throwable error) {
    return Causes.of(error).first(EOFException.class).isPresent();
  }

  private static String describe(Exception error) {
    String message = error.getMessage();
    return message == null || message.isBlank() ? error.getClass().getSimpleName() : message;
  }

  private static ImageReaderSpi registeredJpegProvider() {
    ImageIO.setUseCache(false);
    JPEGImageReaderSpi provider = new JPEGImageReaderSpi();
    // It finds the JDK's decoder, on which it builds, through the registry.
    IIORegistry.getDefaultInstance().registerServiceProvider(provider);
    return provider;
  }

  /** The JDK's own, so that another plug-in on the class path changes no pixels. */
  private static ImageReaderSpi providerOfJdk(String format) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      ImageReaderSpi provider = reader.getOriginatingProvider();
      reader.dispose();
      if (provider.getClass().getName().startsWith("com.sun.imageio.")) {
        return provider;
      }
    }
    throw new IllegalStateException("this Java runtime has no image reader for " + format);
  }
}
