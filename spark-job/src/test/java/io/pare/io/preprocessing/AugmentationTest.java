package io.pare.io.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.io.image.RgbImage;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Views of an image hold nothing but its pixels, a little elsewhere. */
class AugmentationTest {
  private static final int SIZE = 16;

  /** Red is the column, green the row. */
  private static RgbImage numbered(int size) {
    byte[] samples = new byte[3 * size * size];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        samples[3 * (y * size + x)] = (byte) x;
        samples[3 * (y * size + x) + 1] = (byte) y;
      }
    }
    return new RgbImage(size, size, samples);
  }

  @Test
  void aViewIsAShiftOfAtMostAnEighthMirroredOrNot() {
    Set<Boolean> mirrored = new HashSet<>();
    Set<Integer> shifts = new HashSet<>();
    for (long seed = 0; seed < 100; seed++) {
      byte[] view = Augmentation.of(numbered(SIZE), seed).samples();
      // In the middle no edge is repeated: the step from one column to the next tells the mirror.
      int middle = 3 * (SIZE / 2 * SIZE + SIZE / 2);
      int step = view[middle + 3] - view[middle];
      assertThat(Math.abs(step)).isEqualTo(1);
      mirrored.add(step < 0);
      int column = view[middle] - (step < 0 ? SIZE - 1 - SIZE / 2 : SIZE / 2);
      int row = view[middle + 1] - SIZE / 2;
      assertThat(column).isBetween(-2, 2);
      assertThat(row).isBetween(-2, 2);
      shifts.add(5 * column + row);
    }

    assertThat(mirrored).containsExactlyInAnyOrder(true, false);
    assertThat(shifts).hasSizeGreaterThan(15);
  }

  @Test
  void aViewOfALargerImageIsAPartOfItResized() {
    int size = 96;
    double least = 1;
    double most = 0;
    Set<Boolean> mirrored = new HashSet<>();
    for (long seed = 0; seed < 200; seed++) {
      RgbImage view = Augmentation.of(numbered(size), seed);
      assertThat(view.width()).isEqualTo(size);
      assertThat(view.height()).isEqualTo(size);
      byte[] samples = view.samples();
      int row = 3 * (size / 2) * size;
      int across = samples[row + 3 * (size - 1)] - samples[row];
      int down = samples[3 * (size - 1) * size + 1] - samples[1];
      mirrored.add(across < 0);
      assertThat(down).isPositive();
      double width = Math.abs(across) / (size - 1.0);
      double height = down / (size - 1.0);
      least = Math.min(least, width * height);
      most = Math.max(most, width * height);
      if (Math.max(width, height) < 0.98) {
        assertThat(width / height).isBetween(0.7, 1.43);
      }
    }

    assertThat(mirrored).containsExactlyInAnyOrder(true, false);
    assertThat(least).isBetween(0.32, 0.45);
    assertThat(most).isBetween(0.9, 1.0);
  }

  @Test
  void theSameSeedGivesTheSameView() {
    assertThat(Augmentation.of(numbered(SIZE), 5).samples())
        .isEqualTo(Augmentation.of(numbered(SIZE), 5).samples());
  }
}
