package io.pare.testing;

import io.pare.io.image.RgbImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The images that src/test/python/make_image_fixtures.py writes, and what Pillow makes of them. */
public final class ImageFixtures {
  private ImageFixtures() {}

  /** The names of the encoded images, in order. */
  public static List<String> images() throws IOException {
    try (Stream<Path> files =
        Files.list(Path.of(ImageFixtures.class.getResource("/io/pare/io/images").toURI()))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".rgb"))
          .sorted()
          .toList();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  public static byte[] read(String name) throws IOException {
    try (InputStream input = ImageFixtures.class.getResourceAsStream("/io/pare/io/" + name)) {
      if (input == null) {
        throw new FileNotFoundException(name);
      }
      return input.readAllBytes();
    }
  }

  public static List<String[]> table(String name) throws IOException {
    return new String(read(name), StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.split("\t", -1))
        .toList();
  }

  /** The hash of an image's samples. */
  public static String sha256(RgbImage image) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(image.samples()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
