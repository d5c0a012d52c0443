package io.pare.algorithm.statistics;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.testing.Matrices;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MomentsTest {
  private static final Samples X = Matrices.correlated(300, 6, 1);
  private static final Samples U = X.transformed(normal(4, 6, 2), new double[] {5, 6, 7, 8});

  @Test
  void momentsAreTheCentredAverages() {
    Moments moments = gather(300);
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        double covariance = 0;
        for (int s = 0; s < 300; s++) {
          covariance +=
              (X.values()[s * 6 + i] - moments.inputMean()[i])
                  * (X.values()[s * 6 + j] - moments.inputMean()[j]);
        }
        assertThat(moments.gram().at(i, j)).isCloseTo(covariance / 300, within(1e-4));
      }
    }
    assertThat(moments.count()).isEqualTo(300);
  }

  @Test
  void aLargeMeanDoesNotDrownTheVariance() {
    float[] shifted = X.values().clone();
    for (int k = 0; k < shifted.length; k++) {
      shifted[k] += 1000;
    }
    Moments.Accumulator accumulator = new Moments.Accumulator(6, 4);
    accumulator.add(new Samples(300, 6, shifted), U);
    Matrices.assertClose(accumulator.moments().gram(), gather(300).gram(), 2e-2);
  }

  @Test
  void blocksOfAnySizeGiveTheSameMomentsToRounding() {
    Matrices.assertClose(gather(37).gram(), gather(300).gram(), 1e-4);
    Matrices.assertClose(gather(37).cross(), gather(300).cross(), 1e-4);
  }

  @Test
  void noSamplesAndPoisonedSamplesAreRefused() {
    Moments.Accumulator empty = new Moments.Accumulator(6, 4);
    assertThatThrownBy(empty::moments).hasMessage("no samples were added");
    float[] poisoned = new float[6];
    poisoned[2] = Float.NaN;
    assertThatThrownBy(
            () -> empty.add(new Samples(1, 6, poisoned), new Samples(1, 4, new float[4])))
        .hasMessageContaining("sample 0 column 2 is not finite");
  }

  private static Moments gather(int block) {
    Moments.Accumulator accumulator = new Moments.Accumulator(6, 4);
    for (int from = 0; from < 300; from += block) {
      int to = Math.min(300, from + block);
      accumulator.add(rows(X, from, to), rows(U, from, to));
    }
    return accumulator.moments();
  }

  private static Samples rows(Samples samples, int from, int to) {
    int width = samples.columns();
    return new Samples(
        to - from, width, Arrays.copyOfRange(samples.values(), from * width, to * width));
  }
}
