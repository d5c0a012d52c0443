package io.pare.stage.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LargestValueTest {
  private static final int VALUES = 10_000;

  @Test
  void theLargestMagnitudeOfAStretchIsFoundWhereverItLies() {
    float[] values = new float[VALUES];
    Random random = new Random(1);
    for (int k = 0; k < VALUES; k++) {
      values[k] = (float) random.nextGaussian();
    }
    for (int at : new int[] {1000, 5095, 5096, 8999}) {
      float[] changed = values.clone();
      changed[at] = -7;
      changed[999] = 9;
      changed[9000] = Float.NaN;
      assertThat(largest(changed, 1000, 9000)).isEqualTo(7);
    }
    assertThat(largest(values, 10, 10)).isZero();
    assertThat(largest(new float[] {-0.0f}, 0, 1)).isZero();
  }

  @Test
  void whatIsNotFiniteIsInfinite() {
    for (float value : new float[] {Float.NaN, -Float.NaN, Float.NEGATIVE_INFINITY}) {
      assertThat(largest(new float[] {1, value, 2}, 0, 3)).isEqualTo(Float.POSITIVE_INFINITY);
    }
    assertThat(largest(new float[] {1, -Float.MAX_VALUE}, 0, 2)).isEqualTo(Float.MAX_VALUE);
  }

  private static float largest(float[] values, int from, int to) {
    return CheckValuesStage.largest(FloatBuffer.wrap(values), from, to);
  }
}
