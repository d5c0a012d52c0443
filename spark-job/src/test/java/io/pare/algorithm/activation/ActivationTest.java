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
