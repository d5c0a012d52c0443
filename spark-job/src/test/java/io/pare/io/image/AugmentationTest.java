package io.pare.io.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Views of an image hold nothing but its pixels, a little elsewhere. */
class AugmentationTest {
  private static final int SIZE = 16;

  /** Red is the column, green the row. */
  private static RgbImage numbered() {
    byte[] samples = new byte[3 * SIZE * SIZE];
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        samples[3 * (y * SIZE + x)] = (byte) x;
        samples[3 * (y * SIZE + x) + 1] = (byte) y;
      }
    }
    return new RgbImage(SIZE, SIZE, samples);
  }

  @Test
  void aViewIsAShiftOfAtMostAnEighthMirroredOrNot() {
    Set<Boolean> mirrored = new HashSet<>();
    Set<Integer> shifts = new HashSet<>();
    for (long seed = 0; seed < 100; seed++) {
      byte[] view = Augmentation.of(numbered(), seed).samples();
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
  void theSameSeedGivesTheSameView() {
    assertThat(Augmentation.of(numbered(), 5).samples())
        .isEqualTo(Augmentation.of(numbered(), 5).samples());
  }
}
