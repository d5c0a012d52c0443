package io.pare.testing;

import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageBlock;
import io.pare.io.source.ImageBlockReader;
import io.pare.io.source.ImageSource;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;

/** Small data sets for tests: images, folders and tars made in code. */
public final class ImageFiles {
  private ImageFiles() {}

  /** A PNG of 6 x 4 pixels in one colour. */
  public static byte[] png(int rgb) {
    BufferedImage image = new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 24; i++) {
      image.setRGB(i % 6, i / 6, rgb);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The content that the tests give a file of this name: a PNG whose colour is its hash. */
  public static byte[] png(String name) {
    return png(name.hashCode() & 0xffffff);
  }

  public static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  /** Writes each name as a PNG below a folder. */
  public static Path folder(Path root, String... names) throws IOException {
    for (String name : names) {
      write(root.resolve(name), png(name));
    }
    return root;
  }

  /** A tar that holds each name as a PNG, in this order. */
  public static Path tar(Path file, String... names) throws IOException {
    return Files.write(file, tarBytes(names));
  }

  public static byte[] tarBytes(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (String name : names) {
        add(tar, name, png(name));
      }
    }
    return bytes.toByteArray();
  }

  /** A tar of files, in their order. */
  public static Path tar(Path file, Map<String, byte[]> files) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> entry : files.entrySet()) {
        add(tar, entry.getKey(), entry.getValue());
      }
    }
    return file;
  }

  /** A tar of tars: each inner name with its images. */
  public static Path nestedTar(Path file, Map<String, List<String>> archives) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, List<String>> inner : archives.entrySet()) {
        add(tar, inner.getKey(), tarBytes(inner.getValue().toArray(String[]::new)));
      }
    }
    return file;
  }

  public static Path text(Path file, String... lines) throws IOException {
    return Files.writeString(file, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
  }

  public static List<EncodedImage> read(ImageSource source, Configuration configuration)
      throws IOException {
    List<EncodedImage> images = new ArrayList<>();
    try (ImageBlockReader reader = new ImageBlockReader(configuration)) {
      for (ImageBlock block : source.blocks()) {
        images.addAll(reader.read(block));
      }
    }
    return images;
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] bytes)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }
}
