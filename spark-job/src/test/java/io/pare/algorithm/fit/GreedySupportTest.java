package io.pare.algorithm.fit;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.LayerShape;
import io.pare.testing.Matrices;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GreedySupportTest {
  private static final LayerShape SHAPE = new LayerShape(7, 6, 3, 2);

  @Test
  void theFirstChannelDroppedIsTheOneThatBruteForceFinds() {
    Regression regression = regression(SHAPE, 1);
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int dropped = 0; dropped < 6; dropped++) {
      int without = dropped;
      double error = error(regression, IntStream.range(0, 6).filter(c -> c != without).toArray());
      if (error < least) {
        least = error;
        best = dropped;
      }
    }
    GreedySupport greedy = GreedySupport.of(regression);
    assertThat(greedy.support(5).indices()).doesNotContain(best);
    assertThat(greedy.excessError(5)).isCloseTo(least, within(1e-8 * least));
  }

  @Test
  void thePredictedErrorIsThatOfTheRefittedSupport() {
    Regression regression = regression(SHAPE, 2);
    GreedySupport greedy = GreedySupport.of(regression);
    for (int size = 1; size < 6; size++) {
      double refitted = error(regression, greedy.support(size).indices());
      assertThat(greedy.excessError(size)).isCloseTo(refitted, within(1e-8 * refitted));
    }
    double nothing = regression.excessError(Matrix.zeros(7, 36));
    assertThat(greedy.excessError(0)).isCloseTo(nothing, within(1e-8 * nothing));
    assertThat(greedy.excessError(6)).isZero();
  }

  @Test
  void delayedUpdatesLoseNoAccuracyOverHundredsOfEliminations() {
    Regression regression = regression(new LayerShape(5, 600, 1, 1), 3);
    GreedySupport greedy = GreedySupport.of(regression);
    for (int size : new int[] {5, 40, 300}) {
      double refitted = error(regression, greedy.support(size).indices());
      assertThat(greedy.excessError(size)).isCloseTo(refitted, within(1e-6 * refitted));
    }
  }

  @Test
  void channelsThatTheTargetDoesNotReadGoFirst() {
    Matrix weights = normal(7, 36, 4);
    for (int o = 0; o < 7; o++) {
      for (int t = 0; t < 6; t++) {
        weights.set(o, 2 * 6 + t, 0);
        weights.set(o, 4 * 6 + t, 0);
      }
    }
    GreedySupport greedy = GreedySupport.of(regression(SHAPE, weights, 5));
    assertThat(greedy.support(4).indices()).containsExactly(0, 1, 3, 5);
    assertThatThrownBy(() -> greedy.support(7)).hasMessageContaining("1 to 6 channels, not 7");
  }

  private static double error(Regression regression, int[] support) {
    Component kept = new Component.KeptInputs(support, SupportFit.channels(regression, support));
    return regression.excessError(kept.matrix(regression.shape()));
  }

  private static Regression regression(LayerShape shape, long seed) {
    return regression(shape, normal(shape.outputs(), shape.columns(), seed + 100), seed);
  }

  static Regression regression(LayerShape shape, Matrix weights, long seed) {
    Samples x = Matrices.correlated(1500, shape.columns(), seed);
    Moments.Accumulator accumulator = new Moments.Accumulator(shape.columns(), shape.outputs());
    accumulator.add(x, x.transformed(weights, new double[shape.outputs()]));
    return Regression.of(shape, weights, accumulator.moments(), 1e-3);
  }
}
