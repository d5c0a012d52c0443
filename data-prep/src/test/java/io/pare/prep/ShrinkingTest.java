package io.pare.prep;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.image.BadImageException;
import io.pare.io.image.ImageDecoder;
import io.pare.io.image.RgbImage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ShrinkingTest {

  @Test
  void appliesToLargerImagesOnly() {
    assertThat(Shrinking.applies(orange(300, 257), 256)).isTrue();
    assertThat(Shrinking.applies(orange(300, 256), 256)).isFalse();
  }

  @Test
  void keepsProportionsAndColours() throws IOException, BadImageException {
    RgbImage small = new ImageDecoder().decode(Shrinking.shrink(orange(301, 100), 20));

    assertThat(small.width()).isEqualTo(60);
    assertThat(small.height()).isEqualTo(20);
    for (int i = 0; i < small.samples().length; i += 3) {
      assertThat(small.samples()[i] & 0xff).isBetween(238, 242);
      assertThat(small.samples()[i + 1] & 0xff).isBetween(118, 122);
      assertThat(small.samples()[i + 2] & 0xff).isBetween(8, 12);
    }
  }

  private static RgbImage orange(int width, int height) {
    byte[] samples = new byte[width * height * 3];
    for (int i = 0; i < samples.length; i += 3) {
      samples[i] = (byte) 240;
      samples[i + 1] = 120;
      samples[i + 2] = 10;
    }
    return new RgbImage(width, height, samples);
  }
}
