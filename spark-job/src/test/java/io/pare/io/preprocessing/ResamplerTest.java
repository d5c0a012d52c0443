package io.pare.io.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.io.image.ImageDecoder;
import io.pare.io.image.RgbImage;
import io.pare.testing.ImageFixtures;
import org.junit.jupiter.api.Test;

/** Resizing against hashes of Pillow's results. */
class ResamplerTest {

  @Test
  void givesThePixelsOfPillow() throws Exception {
    RgbImage source = new ImageDecoder().decode(ImageFixtures.read("resize-source.png"));
    int cases = 0;
    for (String[] row : ImageFixtures.table("resized.tsv")) {
      ImageSize size = new ImageSize(Integer.parseInt(row[1]), Integer.parseInt(row[0]));
      RgbImage resized = Resampler.resize(source, size, Interpolation.valueOf(row[2]));

      assertThat(ImageFixtures.sha256(resized)).as("%s to %s", row[2], size).isEqualTo(row[3]);
      cases++;
    }
    assertThat(cases).isEqualTo(24);
  }

  @Test
  void aWindowOutsideTheResultIsRefused() {
    RgbImage image = new RgbImage(4, 4, new byte[48]);
    Resampler.Window window = new Resampler.Window(3, 0, new ImageSize(2, 2));

    assertThatThrownBy(
            () -> Resampler.resize(image, new ImageSize(4, 4), Interpolation.BILINEAR, window))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not inside an image of 4x4");
  }
}
