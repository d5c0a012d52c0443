package io.pare.prep;

import io.pare.io.image.RgbImage;
import io.pare.io.preprocessing.ImageSize;
import io.pare.io.preprocessing.Interpolation;
import io.pare.io.preprocessing.Resampler;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Makes large images smaller and encodes them anew, as JPEG of quality 95. */
final class Shrinking {
  private static final float QUALITY = 0.95f;

  private Shrinking() {}

  /** Whether the shorter side of an image has more than {@code pixels}. */
  static boolean applies(RgbImage image, int pixels) {
    return Math.min(image.width(), image.height()) > pixels;
  }

  /** The image with a shorter side of {@code pixels}, the longer one in proportion, as JPEG. */
  static byte[] shrink(RgbImage image, int pixels) throws IOException {
    int shorter = Math.min(image.width(), image.height());
    ImageSize size =
        new ImageSize(
            (int) ((long) image.height() * pixels / shorter),
            (int) ((long) image.width() * pixels / shorter));
    return encode(Resampler.resize(image, size, Interpolation.BILINEAR));
  }

  private static byte[] encode(RgbImage image) throws IOException {
    BufferedImage picture =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] target = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
    byte[] source = image.samples();
    for (int i = 0; i < source.length; i += 3) {
      target[i] = source[i + 2];
      target[i + 1] = source[i + 1];
      target[i + 2] = source[i];
    }
    ImageWriter writer = writer();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(QUALITY);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(picture, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** The JDK's own writer: the bytes must not depend on which other one is on the class path. */
  private static ImageWriter writer() {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
    while (writers.hasNext()) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getName().startsWith("com.sun.")) {
        return writer;
      }
    }
    throw new IllegalStateException(
        "this JDK has no JPEG writer; it needs the module java.desktop");
  }
}
