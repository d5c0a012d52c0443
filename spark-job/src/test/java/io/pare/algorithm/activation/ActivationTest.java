package io.pare.algorithm.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ActivationTest {
  private static final int WINDOWS = 20_000;
  private static final int WINDOW = 4;

  @Test
  void theLargestOfAWindowStaysTheLargestBehindWhatNeverFallsAlone() {
    List<Activation> all = new ArrayList<>();
    all.add(Clamp.IDENTITY);
    all.add(new Clamp(-0.5, 2));
    for (double alpha : new double[] {-1.5, 0, 0.3, 1.5}) {
      all.add(new Activation.Leaky(List.of(new LeakyResponse(alpha))));
      for (double beta : new double[] {-0.7, 0.7}) {
        for (ActivationFunction function : ActivationFunction.values()) {
          if (function != ActivationFunction.CELU || alpha != 0) {
            all.add(new Activation.Curve(function, alpha, beta));
          }
        }
      }
    }
    for (Activation activation : all) {
      assertThat(activation.neverFalls())
          .as(activation.toString())
          .isEqualTo(commutesWithTheMaximum(activation.channels(1).get(0)));
    }
  }

  @Test
  void oneFallingChannelIsEnoughToFall() {
    LeakyResponse rising = new LeakyResponse(0.1);
    assertThat(new Activation.Leaky(List.of(rising, new LeakyResponse(0))).neverFalls()).isTrue();
    assertThat(new Activation.Leaky(List.of(rising, new LeakyResponse(-0.1))).neverFalls())
        .isFalse();
  }

  @Test
  void theOutputsOfManyRowsAreThoseOfEachEntry() {
    Random random = new Random(3);
    float[] values = new float[4 * 3];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) (4 * random.nextGaussian());
    }
    values[5] = Float.NaN;
    List<LeakyResponse> slopes =
        List.of(new LeakyResponse(0.1), new LeakyResponse(-2), new LeakyResponse(0.5));
    for (Activation activation :
        List.of(
            Clamp.RELU,
            Clamp.IDENTITY,
            new Clamp(-0.5, 2),
            new Activation.Leaky(slopes),
            Activation.Curve.of(ActivationFunction.SILU))) {
      float[] outputs = new float[values.length];
      float[] expected = new float[values.length];
      activation.apply(values, 3, 3, 9, outputs);
      List<Response> channels = activation.channels(3);
      for (int k = 3; k < 9; k++) {
        expected[k] = (float) channels.get(k % 3).apply(values[k]);
      }
      assertThat(outputs).as(activation.toString()).isEqualTo(expected);
    }
  }

  /** By brute force, on windows as a pooling sees them. */
  private static boolean commutesWithTheMaximum(Response response) {
    Random random = new Random(7);
    for (int k = 0; k < WINDOWS; k++) {
      double[] window = random.doubles(WINDOW).map(y -> 16 * y - 8).toArray();
      double before = response.apply(Arrays.stream(window).max().orElseThrow());
      double behind = Arrays.stream(window).map(response::apply).max().orElseThrow();
      // Where a function is flat, the last bits of its values may stand in any order.
      if (behind - before > 1e-12) {
        return false;
      }
    }
    return true;
  }
}
