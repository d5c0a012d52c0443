package io.pare.io.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.image.BadImageException.Reason;
import io.pare.testing.ImageFixtures;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage at every place of a file gives pixels or a {@link BadImageException}, nothing else. */
class ImageDecoderSweepTest {
  /** Low, so that a header that damage made huge is refused and not filled. */
  private static final ImageDecoder DECODER = new ImageDecoder(100_000);

  /**
   * The second number is how many bytes at the end hold no pixels: Pillow does without them too.
   */
  @ParameterizedTest
  @CsvSource({
    "rgb-420.jpg, 2",
    "gray.jpg, 2",
    "progressive.jpg, 0",
    "rgb.png, 12",
    "palette.gif, 1",
    "rgb.bmp, 1"
  })
  void everyTruncationIsNoticed(String name, int spare) throws Exception {
    byte[] file = ImageFixtures.read("images/" + name);
    byte[] pixels = DECODER.decode(file).samples();

    for (int length = 3; length < file.length; length++) {
      Optional<RgbImage> image = decode(Arrays.copyOf(file, length), Reason.TRUNCATED);
      if (length < file.length - spare) {
        assertThat(image).as("%s cut to %d of %d bytes", name, length, file.length).isEmpty();
      } else if (image.isPresent()) {
        assertThat(image.get().samples()).as("%s cut to %d bytes", name, length).isEqualTo(pixels);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rgb-420.jpg",
        "cmyk.jpg",
        "progressive.jpg",
        "palette-4-bits.png",
        "gray-2-bits.png",
        "animated.gif",
        "palette.bmp"
      })
  void everyOverwrittenByteGivesPixelsOrABadImage(String name) throws Exception {
    byte[] original = ImageFixtures.read("images/" + name);
    Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
    for (int at = 0; at < original.length; at++) {
      for (int value : new int[] {0x00, 0x7f, 0x80, 0xff}) {
        byte[] file = original.clone();
        file[at] = (byte) value;
        try {
          assertThat(DECODER.decode(file).width()).isPositive();
        } catch (BadImageException e) {
          reasons.merge(e.reason(), 1, Integer::sum);
        }
      }
    }
    assertThat(reasons).containsKeys(Reason.NOT_AN_IMAGE, Reason.CORRUPT);
  }

  private static Optional<RgbImage> decode(byte[] file, Reason expected) {
    try {
      return Optional.of(DECODER.decode(file));
    } catch (BadImageException e) {
      // The first bytes alone do not say which format it is.
      if (file.length >= 8) {
        assertThat(e.reason()).as("%d bytes: %s", file.length, e.getMessage()).isEqualTo(expected);
      }
      return Optional.empty();
    }
  }
}
