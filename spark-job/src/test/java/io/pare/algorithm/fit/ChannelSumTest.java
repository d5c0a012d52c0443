package io.pare.algorithm.fit;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.structure.Approximation;
import io.pare.algorithm.structure.Component;
import io.pare.algorithm.structure.Form;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.LowRank;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelSumTest {
  private static final LayerShape SHAPE = new LayerShape(8, 6, 2, 2);
  private static final int[] SUPPORT = {1, 4};

  private final Regression regression = GreedySupportTest.regression(SHAPE, normal(8, 24, 11), 12);
  private final ChannelSum sum = new ChannelSum(regression, SUPPORT);

  @Test
  void thePredictedErrorIsThatOfTheFit() {
    for (int rank : new int[] {1, 3, 6}) {
      double expected = error(sum.fit(rank));
      assertThat(sum.excessError(rank)).isCloseTo(expected, within(1e-8 * expected));
    }
    assertThat(error(sum.fit(8))).isLessThan(1e-9);
  }

  @Test
  void noAlternationFindsABetterSum() {
    LowRank rank = new LowRank(Form.CHANNEL, 3);
    Component low = new ChannelFit(regression).fit(rank);
    double previous = Double.POSITIVE_INFINITY;
    for (int turn = 0; turn < 200; turn++) {
      Regression left = regression.minus(low.matrix(SHAPE));
      Component sparse = new Component.KeptInputs(SUPPORT, SupportFit.channels(left, SUPPORT));
      double error = error(List.of(low, sparse));
      assertThat(error).isLessThanOrEqualTo(previous * (1 + 1e-9));
      previous = error;
      low = new ChannelFit(regression.minus(sparse.matrix(SHAPE))).fit(rank);
    }
    assertThat(sum.excessError(3)).isLessThanOrEqualTo(previous * (1 + 1e-9));
  }

  @Test
  void theLowRankComponentReadsNoKeptChannel() {
    Matrix low = sum.fit(3).get(0).matrix(SHAPE);
    for (int o = 0; o < 8; o++) {
      for (int channel : SUPPORT) {
        for (int t = 0; t < 4; t++) {
          assertThat(low.at(o, channel * 4 + t)).isZero();
        }
      }
    }
  }

  private double error(List<Component> components) {
    return regression.excessError(new Approximation(components, new double[8]).matrix(SHAPE));
  }
}
