package io.pare.algorithm.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.Geometry;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Support;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdmmSumsTest {
  private static final LayerShape KERNEL = new LayerShape(24, 16, 3, 3);
  private static final EnumSet<Family> ALL = EnumSet.allOf(Family.class);
  private static final AdmmBudget AMPLE = new AdmmBudget(1e15, 1e15);

  static Stream<Arguments> layers() {
    return Stream.of(
        Arguments.of(KERNEL, Support.Kind.INPUTS, Form.SPATIAL),
        Arguments.of(KERNEL, Support.Kind.FILTERS, Form.TUCKER),
        Arguments.of(new LayerShape(20, 24, 1, 3), Support.Kind.INPUTS, Form.TUCKER),
        Arguments.of(new LayerShape(32, 40, 1, 1), Support.Kind.INPUTS, Form.CHANNEL),
        Arguments.of(new LayerShape(32, 40, 1, 1), Support.Kind.FILTERS, Form.CHANNEL));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aLayerGetsSumsInTheFormThatSuitsItWithTheirTraces(
      LayerShape shape, Support.Kind kind, Form form) {
    List<Proposal> sums = AdmmSums.proposals(regression(shape, 1), kind, AMPLE);

    assertThat(sums).isNotEmpty();
    for (Proposal sum : sums) {
      assertThat(sum.structure().isMixed()).isTrue();
      assertThat(sum.structure().lowRank().form()).isEqualTo(form);
      assertThat(sum.structure().support().kind()).isEqualTo(kind);
      assertThat(sum.trace().orElseThrow().share()).isBetween(0.0, 1.0);
    }
  }

  @Test
  void theGroupsOfAConvolutionAgreeOnTheCostOfAStep() {
    List<Proposal> one = AdmmSums.proposals(regression(KERNEL, 1), Support.Kind.INPUTS, AMPLE);
    List<Proposal> other = AdmmSums.proposals(regression(KERNEL, 9), Support.Kind.INPUTS, AMPLE);

    assertThat(one).extracting(Proposal::step).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(other).extracting(Proposal::step).containsExactly(0, 1, 2, 3, 4, 5);
    double rank = 16 * 3 + 24 * 3;
    for (int k = 0; k < one.size(); k++) {
      assertThat((double) weights(one.get(k)))
          .isBetween(weights(other.get(k)) - rank, weights(other.get(k)) + rank);
    }
  }

  @Test
  void withoutAShareThereAreNone() {
    assertThat(
            AdmmSums.proposals(
                regression(KERNEL, 1), Support.Kind.INPUTS, AdmmBudget.of(0, List.of(KERNEL), ALL)))
        .isEmpty();
  }

  @Test
  void allLayersTogetherTakeTheShareThatTheOptionSaysAndSmallOnesMoreOfIt() {
    LayerShape wide = new LayerShape(512, 512, 3, 3);
    LayerShape small = new LayerShape(16, 16, 3, 3);
    List<LayerShape> layers = List.of(wide, wide, small, KERNEL);
    for (double share : new double[] {0.05, 0.2, 0.5}) {
      AdmmBudget budget = AdmmBudget.of(share, layers, ALL);
      double taken = layers.stream().mapToDouble(budget::of).sum();
      assertThat(budget.share(taken)).isCloseTo(share, within(1e-12));
      assertThat(budget.of(small) / new SolvingWork(small).others(ALL))
          .isGreaterThan(10 * budget.of(wide) / new SolvingWork(wide).others(ALL));
    }
  }

  @Test
  void theShareIsOneOfTheFamiliesThatAreSolved() {
    List<LayerShape> layers = List.of(KERNEL, new LayerShape(512, 512, 3, 3));
    EnumSet<Family> few = EnumSet.of(Family.LOW_RANK_SPATIAL, Family.ADMM_KEPT_INPUTS);
    AdmmBudget budget = AdmmBudget.of(0.2, layers, few);
    double taken = layers.stream().mapToDouble(budget::of).sum();
    assertThat(budget.share(taken)).isCloseTo(0.2, within(1e-12));
    AdmmBudget ofAll = AdmmBudget.of(0.2, layers, ALL);
    assertThat(taken).isLessThan(0.4 * layers.stream().mapToDouble(ofAll::of).sum());
  }

  @Test
  void aSmallBudgetIsKeptAndAimsAtTheCostsThatMatterMost() {
    LayerShape shape = new LayerShape(64, 64, 3, 3);
    AdmmBudget budget = AdmmBudget.of(0.1, List.of(shape), ALL);
    List<Proposal> sums = AdmmSums.proposals(regression(shape, 1), Support.Kind.INPUTS, budget);

    assertThat(sums).hasSizeBetween(1, 5);
    assertThat(sums.stream().mapToDouble(sum -> sum.trace().orElseThrow().share()).sum())
        .isBetween(0.01, 0.06);
  }

  @Test
  void sumsAreReproducedToTheBit() {
    assertThat(AdmmSums.proposals(regression(KERNEL, 1), Support.Kind.FILTERS, AMPLE))
        .isEqualTo(AdmmSums.proposals(regression(KERNEL, 1), Support.Kind.FILTERS, AMPLE));
  }

  @Test
  void depthwiseGroupsSingleOutputsAndLayersThatFillATaskHaveNone() {
    assertThat(AdmmSums.obstacle(new LayerShape(1, 1, 3, 3), Support.Kind.INPUTS)).isPresent();
    assertThat(AdmmSums.obstacle(new LayerShape(1, 64, 1, 1), Support.Kind.FILTERS)).isPresent();
    assertThat(AdmmSums.obstacle(new LayerShape(10, 10_240, 1, 1), Support.Kind.INPUTS)).isEmpty();
    assertThat(AdmmSums.obstacle(new LayerShape(10, 10_241, 1, 1), Support.Kind.INPUTS))
        .isPresent();
    assertThat(AdmmSums.obstacle(new LayerShape(512, 512, 3, 3), Support.Kind.INPUTS)).isEmpty();
    assertThat(AdmmSums.obstacle(new LayerShape(4096, 4096, 1, 1), Support.Kind.INPUTS))
        .isPresent();
  }

  private static long weights(Proposal proposal) {
    return proposal.structure().cost(KERNEL, Geometry.UNKNOWN).weights();
  }

  private static Regression regression(LayerShape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int d = shape.columns();
    int rows = 3 * d;
    float[] values = new float[rows * d];
    for (int row = 0; row < rows; row++) {
      float previous = 0;
      for (int k = 0; k < d; k++) {
        previous = 0.7f * previous + (float) random.nextGaussian();
        values[row * d + k] = Math.max(0, previous);
      }
    }
    Matrix weights = Matrix.zeros(shape.outputs(), d);
    for (int k = 0; k < weights.values().length; k++) {
      weights.values()[k] = random.nextGaussian();
    }
    Samples x = new Samples(rows, d, values);
    Moments.Accumulator accumulator = new Moments.Accumulator(d, shape.outputs());
    accumulator.add(x, x.transformed(weights, new double[shape.outputs()]));
    return Regression.of(shape, weights, accumulator.moments(), 1e-3);
  }
}
