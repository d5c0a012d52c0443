package io.pare.algorithm.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.algorithm.dense.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostsTest {
  private static final LayerShape SHAPE = new LayerShape(64, 32, 3, 5);
  private static final Geometry GEOMETRY = new Geometry(20, 28, 10, 14);

  @Test
  void everyFactorIsChargedWhereItRuns() {
    assertThat(Costs.dense(SHAPE, GEOMETRY))
        .isEqualTo(new LayerCost(64 * 32 * 15, 64L * 32 * 15 * 140));
    assertThat(new LowRank(Form.CHANNEL, 7).cost(SHAPE, GEOMETRY))
        .isEqualTo(new LayerCost(7 * 480 + 64 * 7, (7L * 480 + 64 * 7) * 140));
    assertThat(new LowRank(Form.SPATIAL, 7).cost(SHAPE, GEOMETRY))
        .isEqualTo(
            new LayerCost(7 * 32 * 3 + 64 * 7 * 5, 7L * 32 * 3 * (10 * 28) + 64L * 7 * 5 * 140));
    assertThat(new LowRank(Form.TUCKER, 6, 9).cost(SHAPE, GEOMETRY))
        .isEqualTo(
            new LayerCost(
                32 * 6 + 6 * 9 * 15 + 64 * 9, 32L * 6 * (20 * 28) + (6L * 9 * 15 + 64 * 9) * 140));
    assertThat(new LowRank(Form.CHAIN, 6, 9).cost(SHAPE, GEOMETRY))
        .isEqualTo(
            new LayerCost(
                6 * 96 + 9 * 6 * 5 + 64 * 9, 6L * 96 * (10 * 28) + (9L * 6 * 5 + 64 * 9) * 140));
    assertThat(Costs.keptInputs(SHAPE, GEOMETRY, 4).weights()).isEqualTo(64 * 4 * 15);
    assertThat(Costs.keptFilters(SHAPE, GEOMETRY, 4).weights()).isEqualTo(4 * 480);
  }

  @Test
  void keptFiltersAreLeftOutOfTheOtherFactors() {
    Approximation sum =
        new Approximation(
            List.of(
                Component.Factors.of(Form.CHANNEL, Matrix.zeros(7, 480), Matrix.zeros(64, 7)),
                new Component.KeptFilters(new int[] {0, 9}, Matrix.zeros(2, 480))),
            new double[64]);
    assertThat(sum.cost(SHAPE, GEOMETRY).weights()).isEqualTo(7 * 480 + 62 * 7 + 2 * 480);
  }

  @Test
  void withoutMeasuredSizesOnlyWeightsAreCounted() {
    assertThat(Costs.dense(SHAPE, Geometry.UNKNOWN)).isEqualTo(new LayerCost(30720, 0));
    assertThatThrownBy(() -> new Geometry(1, 0, 1, 1))
        .hasMessage("feature maps of 1 x 0 and 1 x 1 cannot be");
  }

  @Test
  void costsAddUp() {
    LayerCost cost = new LayerCost(3, 5);
    assertThat(cost.times(4).plus(cost)).isEqualTo(new LayerCost(15, 25));
    assertThat(cost.bytes(2)).isEqualTo(6);
  }
}
