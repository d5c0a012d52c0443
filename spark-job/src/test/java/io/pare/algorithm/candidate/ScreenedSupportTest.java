package io.pare.algorithm.candidate;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.GreedySupport;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.LayerShape;
import org.junit.jupiter.api.Test;

class ScreenedSupportTest {
  private static final LayerShape SHAPE = new LayerShape(6, 20, 1, 1);

  /** Weights that decay with the number of the input: the first carry all. */
  private final Regression regression = regression();

  @Test
  void whatCarriesMostIsSearchedAndTheRestJoinsInItsOrder() {
    ScreenedSupport screened = new ScreenedSupport(regression, 8);

    assertThat(screened.support(12).indices()).contains(0, 1, 2, 3).hasSize(12).isSorted();
    assertThat(screened.support(12).indices()).contains(screened.support(5).indices());
    assertThat(screened.support(3).indices()).hasSize(3).isSorted();
  }

  @Test
  void withRoomForAllInputsItIsTheGreedySearch() {
    ScreenedSupport screened = new ScreenedSupport(regression, 20);
    GreedySupport greedy = GreedySupport.of(regression);

    for (int size = 1; size <= 20; size++) {
      assertThat(screened.support(size)).isEqualTo(greedy.support(size));
    }
    assertThatThrownBy(() -> screened.support(21)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aChannelOfSeveralInputsIsRankedAndSearchedAsAWhole() {
    Regression grouped = regression.grouped(4);
    ScreenedSupport all = new ScreenedSupport(grouped, 20);
    GreedySupport greedy = GreedySupport.of(grouped);

    for (int size = 1; size <= 5; size++) {
      assertThat(all.support(size)).isEqualTo(greedy.support(size));
    }
    assertThat(new ScreenedSupport(grouped, 9).support(2).indices()).containsExactly(0, 1);
    assertThat(new ScreenedSupport(grouped, 3).support(1).indices()).containsExactly(0);
    assertThat(new ScreenedSupport(grouped, 9).support(4).indices()).containsExactly(0, 1, 2, 3);
  }

  private static Regression regression() {
    Matrix weights = normal(SHAPE.outputs(), SHAPE.columns(), 3);
    for (int i = 0; i < weights.rows(); i++) {
      for (int j = 0; j < weights.columns(); j++) {
        weights.set(i, j, weights.at(i, j) * Math.pow(0.5, j));
      }
    }
    Samples inputs = new Samples(400, 20, normal(400, 20, 9).floats());
    Moments.Accumulator accumulator = new Moments.Accumulator(20, 6);
    accumulator.add(inputs, inputs.transformed(weights, new double[6]));
    return Regression.of(SHAPE, weights, accumulator.moments(), 1e-6);
  }
}
