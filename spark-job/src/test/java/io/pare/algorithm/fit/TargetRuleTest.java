package io.pare.algorithm.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.activation.Clamp;
import io.pare.algorithm.statistics.Samples;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TargetRuleTest {
  private static final Clamp RELU6 = new Clamp(0, 6);

  static Stream<Clamp> activations() {
    return Stream.of(Clamp.RELU, RELU6);
  }

  @ParameterizedTest
  @MethodSource("activations")
  void thePenalisedTargetIsTheMinimumOfItsCost(Clamp activation) {
    SplittableRandom random = new SplittableRandom(3);
    for (int trial = 0; trial < 500; trial++) {
      double wanted = activation.apply(random.nextDouble(-4, 10));
      double present = random.nextDouble(-6, 12);
      double penalty = Math.pow(10, random.nextDouble(-2, 1));
      double found =
          cost(
              activation,
              TargetRule.penalised(activation, penalty, wanted, present),
              wanted,
              present,
              penalty);
      double least = Double.POSITIVE_INFINITY;
      for (double z = -8; z <= 14; z += 0.01) {
        least = Math.min(least, cost(activation, z, wanted, present, penalty));
      }
      assertThat(found).isLessThanOrEqualTo(least + 1e-9);
    }
  }

  @ParameterizedTest
  @MethodSource("activations")
  void theMajorisedTargetBoundsTheTrueLossFromAboveAndTouchesIt(Clamp activation) {
    SplittableRandom random = new SplittableRandom(5);
    for (int trial = 0; trial < 500; trial++) {
      double wanted = activation.apply(random.nextDouble(-4, 10));
      double present = random.nextDouble(-6, 12);
      double target = TargetRule.majorised(activation, wanted, present);
      double shift = square(wanted - activation.apply(present)) - square(target - present);
      double z = random.nextDouble(-8, 14);
      assertThat(square(wanted - activation.apply(z)))
          .isLessThanOrEqualTo(square(target - z) + shift + 1e-9);
    }
  }

  @Test
  void withoutANonlinearityTheTargetIsWhatIsWanted() {
    Samples target =
        TargetRule.apply(
            Clamp.IDENTITY,
            Double.POSITIVE_INFINITY,
            new Samples(2, 1, new float[] {-2, 3}),
            new Samples(2, 1, new float[] {5, -7}));
    assertThat(target.values()).containsExactly(-2, 3);
    assertThat(TargetRule.penalised(Clamp.IDENTITY.channels(1).get(0), 1, 4, 0))
        .isCloseTo(2, within(1e-12));
  }

  private static double cost(
      Clamp activation, double z, double wanted, double present, double penalty) {
    return square(wanted - activation.apply(z)) + penalty * square(z - present);
  }

  private static double square(double value) {
    return value * value;
  }
}
