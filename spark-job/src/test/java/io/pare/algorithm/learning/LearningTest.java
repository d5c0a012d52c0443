package io.pare.algorithm.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Steps, rates and batches. */
class LearningTest {

  private static Adam adam(float... weights) {
    return new Adam(Adam.State.of(weights), 0);
  }

  @Test
  void aStepFollowsTheDefinitionOfAdam() {
    double mean = 0;
    double square = 0;
    double expected = 1;
    Adam adam = adam(1, -2);
    for (int step = 1; step <= 5; step++) {
      double slope = 0.3 * step;
      adam.step(new float[] {(float) slope, 0}, 0.01);
      mean = 0.9 * mean + 0.1 * slope;
      square = 0.999 * square + 0.001 * slope * slope;
      double first = mean / (1 - Math.pow(0.9, step));
      double second = square / (1 - Math.pow(0.999, step));
      expected -= 0.01 * first / (Math.sqrt(second) + 1e-8);
    }

    assertThat((double) adam.weights()[0]).isCloseTo(expected, within(1e-6));
    assertThat(adam.weights()[1]).isEqualTo(-2);
  }

  @Test
  void weightsDecayBesideTheGradientAndOnlyWhereTheyAreTo() {
    float[] gradient = {0.3f, 0};
    Adam plain = adam(1, -2);
    Adam decaying = new Adam(Adam.State.of(new float[] {1, -2}), 0.2);
    plain.step(gradient, 0.1);
    decaying.step(gradient, 0.1);

    assertThat(plain.weights()[1]).isEqualTo(-2);
    assertThat((double) decaying.weights()[1]).isCloseTo(-2 * (1 - 0.1 * 0.2), within(1e-6));
    assertThat((double) (plain.weights()[0] - decaying.weights()[0]))
        .as("the means of the gradient know nothing of it")
        .isCloseTo(0.1 * 0.2, within(1e-6));
    assertThatThrownBy(() -> new Adam(plain.state(), Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theMeanOfStatesIsThatOfTheirWeightsAndOfBothMeans() {
    Adam one = adam(1, 5);
    Adam other = adam(1, 5);
    one.step(new float[] {1, 0}, 0.5);
    other.step(new float[] {-3, 2}, 0.5);

    Adam.State mean =
        Adam.State.mean(List.of(one.state(), other.state()), new double[] {0.75, 0.25});

    assertThat(mean.steps()).isEqualTo(1);
    assertThat(mean.weights()[0]).isCloseTo(1 - 0.75f * 0.5f + 0.25f * 0.5f, within(1e-5f));
    assertThat(mean.weights()[1]).isCloseTo(5 - 0.25f * 0.5f, within(1e-5f));
    assertThat(mean.mean()[0]).isCloseTo(0.1f * (0.75f - 0.75f), within(1e-6f));
    assertThat(mean.square()[0]).isCloseTo(0.001f * (0.75f + 0.25f * 9), within(1e-6f));
  }

  @Test
  void rulesOfStepsAreWithinTheirRanges() {
    assertThat(new StepRule(0, 1).localSteps()).isEqualTo(1);
    assertThatThrownBy(() -> new StepRule(-0.1, 1)).hasMessageContaining("-0.1");
    assertThatThrownBy(() -> new StepRule(0, 0)).hasMessageContaining("0 of them local");
    assertThatThrownBy(() -> new StepRule(0, 65)).hasMessageContaining("65 of them local");
  }

  @Test
  void stepsFindTheBottomOfABowl() {
    Adam adam = adam(3, -4);
    RateSchedule schedule = new RateSchedule(0.1, 400, 20);
    for (int step = 0; step < 400; step++) {
      float[] weights = adam.weights();
      adam.step(new float[] {2 * (weights[0] - 1), 20 * weights[1]}, schedule.at(step));
    }

    assertThat((double) adam.weights()[0]).isCloseTo(1, within(1e-2));
    assertThat((double) adam.weights()[1]).isCloseTo(0, within(1e-2));
  }

  @Test
  void whatGoesOnFromAStateTakesTheSameSteps() {
    Adam once = adam(1, 2, 3);
    Adam before = adam(1, 2, 3);
    for (int step = 0; step < 6; step++) {
      once.step(new float[] {step, -1, 0.5f}, 0.1);
      if (step < 3) {
        before.step(new float[] {step, -1, 0.5f}, 0.1);
      }
    }
    Adam after = new Adam(before.state(), 0);
    for (int step = 3; step < 6; step++) {
      after.step(new float[] {step, -1, 0.5f}, 0.1);
    }

    assertThat(after.weights()).containsExactly(once.weights());
  }

  @Test
  void whatIsNotFiniteEndsTheSteps() {
    assertThatThrownBy(() -> adam(0).step(new float[] {Float.NaN}, 0.1))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("not finite");
    assertThatThrownBy(() -> adam(0).step(new float[] {1e20f}, 0.1))
        .as("whose square single precision does not hold: the weight would never move again")
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> adam(0, 0).step(new float[1], 0.1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRateRisesThenFallsToNearlyNothing() {
    RateSchedule schedule = new RateSchedule(0.4, 100, 10);
    double[] rates = IntStream.range(0, 100).mapToDouble(schedule::at).toArray();

    for (int step = 1; step <= 10; step++) {
      assertThat(rates[step]).isGreaterThan(rates[step - 1]);
    }
    for (int step = 11; step < 100; step++) {
      assertThat(rates[step]).isLessThan(rates[step - 1]);
    }
    assertThat(rates[10]).isEqualTo(0.4);
    assertThat(rates[99]).isBetween(0.0, 1e-3);
    assertThatThrownBy(() -> new RateSchedule(0.1, 5, 5)).hasMessageContaining("5 of 5 steps");
  }

  @Test
  void anEpochShowsEachImageAtMostOnceInAnOrderOfItsOwn() {
    Batches batches = new Batches(103, 20, 7);
    TreeSet<Integer> seen = new TreeSet<>();
    for (int step = 0; step < batches.perEpoch(); step++) {
      for (int image : batches.at(step)) {
        assertThat(seen.add(image)).isTrue();
      }
    }

    assertThat(batches.perEpoch()).isEqualTo(5);
    assertThat(seen).hasSize(100).allMatch(image -> image >= 0 && image < 103);
    assertThat(batches.at(0)).isNotEqualTo(batches.at(5)).isNotEqualTo(batches.at(1));
    assertThat(batches.at(3)).isEqualTo(new Batches(103, 20, 7).at(3));
    assertThat(batches.at(3)).isNotEqualTo(new Batches(103, 20, 8).at(3));
    assertThat(Arrays.stream(new Batches(5, 5, 1).at(2)).sum()).isEqualTo(10);
  }

  @Test
  void whatNobodyAskedForTakesTwentyEpochsOrItsBoundOrNothing() {
    Batches many = Batches.of(640, 1);
    Batches few = Batches.of(511, 1);
    double image = 1000;

    assertThat(new Extent.Automatic().steps(many, image)).hasValue(200);
    assertThat(new Extent.Automatic(170 * 64 * image).steps(many, image)).hasValue(170);
    assertThat(new Extent.Automatic(159 * 64 * image).steps(many, image)).isEmpty();
    assertThat(new Extent.Automatic(0).steps(many, image)).isEmpty();
    assertThat(new Extent.Automatic(300 * 64 * image).further(many, image)).isEmpty();
    assertThat(new Extent.Automatic(365 * 64 * image).further(many, image)).hasValue(165);
    assertThat(new Extent.Automatic().further(many, image)).hasValue(200);
    assertThat(new Extent.Automatic().steps(few, image)).isEmpty();
    assertThatThrownBy(() -> new Extent.Automatic(Double.NaN))
        .hasMessage("a network cannot learn with NaN of work");
  }
}
