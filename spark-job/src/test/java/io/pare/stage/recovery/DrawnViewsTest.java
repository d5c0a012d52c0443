package io.pare.stage.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.image.RgbImage;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.stage.images.PreparedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Images of one colour look the same however they are shifted: what is left is the mixing. */
class DrawnViewsTest {
  private static final int SIDE = 8;
  private static final int LENGTH = 3 * SIDE * SIDE;
  private final DrawnViews views =
      new DrawnViews(Preprocessing.parse("raw,resize=none,crop=none,scale=1", SIDE, SIDE));

  private static PreparedImage image(int id) {
    byte[] samples = new byte[LENGTH];
    Arrays.fill(samples, (byte) (id % 2 == 0 ? 10 : 90));
    return new PreparedImage(id, -1, new RgbImage(SIDE, SIDE, samples));
  }

  private static List<PreparedImage> images(int count) {
    return IntStream.range(0, count).mapToObj(DrawnViewsTest::image).toList();
  }

  @Test
  void aboutHalfOfTheImagesAreMixedWithTheNextAndAllTheirValuesAlike() {
    float[] drawn = views.of(images(200), 5);

    int mixed = 0;
    for (int k = 0; k < 200; k++) {
      float own = k % 2 == 0 ? 10 : 90;
      float first = drawn[k * LENGTH];
      assertThat(first).isBetween(10f, 90f);
      for (int i = 1; i < LENGTH; i++) {
        assertThat(drawn[k * LENGTH + i]).isEqualTo(first);
      }
      mixed += first == own ? 0 : 1;
    }
    assertThat(mixed).isBetween(70, 130);
  }

  @Test
  void theSameSeedGivesTheSameViewsAndAnotherOneOthers() {
    assertThat(views.of(images(16), 5)).isEqualTo(views.of(images(16), 5));
    assertThat(views.of(images(16), 6)).isNotEqualTo(views.of(images(16), 5));
  }

  @Test
  void anImageOnItsOwnIsNotMixed() {
    for (int seed = 0; seed < 20; seed++) {
      assertThat(views.of(images(1), seed)).containsOnly(10f);
    }
  }
}
