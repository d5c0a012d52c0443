package io.pare.algorithm.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.activation.Activation;
import io.pare.algorithm.activation.ActivationFunction;
import io.pare.algorithm.activation.LeakyResponse;
import io.pare.algorithm.activation.Response;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CurveTargetTest {
  static Stream<Activation> activations() {
    return Stream.concat(
        Stream.of(new Activation.Leaky(List.of(new LeakyResponse(0.1)))),
        Arrays.stream(ActivationFunction.values())
            .map(
                function ->
                    switch (function) {
                      case ELU, CELU -> new Activation.Curve(function, 1.5, 0);
                      case SELU -> new Activation.Curve(function, 1.673, 1.051);
                      case HARD_SIGMOID -> new Activation.Curve(function, 0.2, 0.5);
                      default -> Activation.Curve.of(function);
                    }));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void thePenalisedTargetCostsNoMoreThanTheBestOfAGrid(Activation activation) {
    Response r = activation.channels(1).get(0);
    SplittableRandom random = new SplittableRandom(3);
    for (int trial = 0; trial < 300; trial++) {
      double wanted = r.apply(random.nextDouble(-5, 8));
      double present = random.nextDouble(-6, 9);
      double penalty = Math.pow(10, random.nextDouble(-1.7, 1));
      double least = Double.POSITIVE_INFINITY;
      for (double z = -20; z <= 20; z += 0.01) {
        least = Math.min(least, cost(r, z, wanted, present, penalty));
      }
      double found = TargetRule.penalised(r, penalty, wanted, present);
      assertThat(cost(r, found, wanted, present, penalty)).isLessThanOrEqualTo(least + 1e-3);
    }
  }

  @ParameterizedTest
  @MethodSource("activations")
  void theDampedStepDoesNotRaiseTheLoss(Activation activation) {
    Response r = activation.channels(1).get(0);
    SplittableRandom random = new SplittableRandom(5);
    for (int trial = 0; trial < 500; trial++) {
      double wanted = r.apply(random.nextDouble(-5, 8));
      double present = random.nextDouble(-6, 9);
      double target = TargetRule.majorised(r, wanted, present);
      assertThat(cost(r, target, wanted, present, 0))
          .isLessThanOrEqualTo(cost(r, present, wanted, present, 0) + 1e-9);
    }
  }

  private static double cost(Response r, double z, double wanted, double present, double penalty) {
    double miss = r.apply(z) - wanted;
    return miss * miss + penalty * (z - present) * (z - present);
  }
}
