package io.pare.io.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pare.io.image.BadImageException.Reason;
import io.pare.testing.BadInputs;
import io.pare.testing.ImageFixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoding against the pixels of Pillow, and what becomes of files without pixels. */
class ImageDecoderTest {
  private static final ImageDecoder DECODER = new ImageDecoder();

  private TestInfo test;

  @BeforeEach
  void nameTheCase(TestInfo running) {
    test = running;
  }

  static Stream<String> images() throws IOException {
    return ImageFixtures.images().stream();
  }

  @ParameterizedTest
  @MethodSource("images")
  void givesThePixelsOfPillow(String name) throws Exception {
    ByteBuffer expected = ByteBuffer.wrap(ImageFixtures.read("images/" + name + ".rgb"));

    RgbImage image = DECODER.decode(ImageFixtures.read("images/" + name));

    assertThat(image.width()).isEqualTo(expected.getInt());
    assertThat(image.height()).isEqualTo(expected.getInt());
    byte[] samples = new byte[expected.remaining()];
    expected.get(samples);
    assertThat(image.samples()).isEqualTo(samples);
    BadInputs.refused("image", "unusual: " + name, "none", "read, with the pixels of Pillow");
  }

  @Test
  void theFixturesCoverEveryFormat() throws IOException {
    assertThat(images()).hasSizeGreaterThan(30);
    for (String extension : List.of(".jpg", ".png", ".gif", ".bmp")) {
      assertThat(images().filter(name -> name.endsWith(extension))).hasSizeGreaterThan(3);
    }
  }

  @Test
  void severalThreadsGetTheSamePixels() throws Exception {
    byte[] file = ImageFixtures.read("images/cmyk.jpg");
    byte[] expected = DECODER.decode(file).samples();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<RgbImage>> images =
          IntStream.range(0, 64).mapToObj(i -> threads.submit(() -> DECODER.decode(file))).toList();
      for (Future<RgbImage> image : images) {
        assertThat(image.get().samples()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void emptyFile() {
    assertThat(refused(new byte[0]))
        .hasMessage("empty: the file has no bytes")
        .extracting(BadImageException::reason)
        .isEqualTo(Reason.EMPTY);
  }

  @Test
  void truncated() throws Exception {
    byte[] file = ImageFixtures.read("images/rgb-420.jpg");

    assertThat(refused(Arrays.copyOf(file, file.length / 2)).reason()).isEqualTo(Reason.TRUNCATED);
  }

  @Test
  void contentThatIsNoImage() {
    BadImageException error = refused("<html>".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(error.reason()).isEqualTo(Reason.NOT_AN_IMAGE);
    assertThat(error)
        .hasMessage("not an image: the content begins like no image format (3c 68 74 6d)");
  }

  @ParameterizedTest
  @CsvSource({
    "TIFF, 'II*\u0000\u0008\u0000\u0000\u0000'",
    "WebP, 'RIFF\u0001\u0001\u0001\u0001WEBPVP8 '",
    "JPEG XL, '\u00ff\n\u0000'"
  })
  void formatsThatAreNotRead(String format, String characters) {
    BadImageException error = refused(characters.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(error.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(error)
        .hasMessage("unsupported: " + format + " is not read; convert it to JPEG, PNG, GIF or BMP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rgb-420.jpg", "rgb.png", "palette.gif", "rgb.bmp"})
  void imagesAboveThePixelLimit(String name) throws Exception {
    byte[] file = ImageFixtures.read("images/" + name);
    assertThat(new ImageDecoder(21 * 15).decode(file).width()).isEqualTo(21);

    BadImageException error = refused(new ImageDecoder(21 * 15 - 1), file);

    assertThat(error.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(error).hasMessage("too large: 21 x 15 = 315 pixels, the limit is 314");
  }

  @Test
  void aHugeHeaderCostsNoMemory() throws Exception {
    byte[] file = ImageFixtures.read("images/rgb.bmp");
    ByteBuffer.wrap(file).putInt(18, 0xffffff7f).putInt(22, 0xffffff7f);

    assertThat(refused(file).reason()).isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void aPixelLimitBelowOneIsRefused() {
    assertThatThrownBy(() -> new ImageDecoder(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the pixel limit must be at least 1, not 0");
  }

  @Test
  void jpegOfAnUnusualProcess() throws Exception {
    byte[] file = ImageFixtures.read("images/rgb-444.jpg");
    for (int i = 0; i < file.length - 1; i++) {
      if ((file[i] & 0xff) == 0xff && (file[i + 1] & 0xff) == 0xc0) {
        file[i + 1] = (byte) 0xc3;
      }
    }

    assertThat(refused(file).reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(refused(file)).hasMessageContaining("JPEG of process 3 with 3 components of 8 bits");
  }

  @Test
  void pngWithAWrongCheckSum() throws Exception {
    byte[] file = ImageFixtures.read("images/rgb.png");
    file[file.length - 14] ^= 1;

    assertThat(refused(file).reason()).isEqualTo(Reason.CORRUPT);
    assertThat(refused(file))
        .hasMessage("corrupt: the check sum of the PNG chunk at byte 33 is wrong");
  }

  @Test
  void jpegWithDamageInsideItsScan() throws Exception {
    byte[] file = ImageFixtures.read("images/gray.jpg");
    file[file.length - 60] = (byte) 0xff;
    file[file.length - 59] = (byte) 0xd9;

    assertThat(refused(file).reason()).isEqualTo(Reason.CORRUPT);
  }

  private BadImageException refused(byte[] file) {
    return refused(DECODER, file);
  }

  private BadImageException refused(ImageDecoder decoder, byte[] file) {
    BadImageException error =
        catchThrowableOfType(BadImageException.class, () -> decoder.decode(file));
    BadInputs.refused(
        "image",
        BadInputs.words(test) + ": " + error.reason(),
        error.getMessage(),
        "left out and named; above max-bad-images 3");
    return error;
  }
}
