package io.pare.algorithm.candidate;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.fit.GreedySupport;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.Regression;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.LayerShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Six channels of four positions, one after the other. */
class InputSupportsTest {
  private static final int POSITIONS = 4;
  private static final int CHANNELS = 6;
  private static final LayerShape SHAPE = new LayerShape(8, CHANNELS * POSITIONS, 1, 1);

  @Test
  void wholeChannelsAreTriedBesideSingleInputsInTheOrderOfAConvolutionsChannels() {
    Regression flat = regression(SHAPE);
    List<int[]> alone = supports(flat, 1);
    List<int[]> both = supports(flat, POSITIONS);

    assertThat(both.subList(0, alone.size())).usingRecursiveComparison().isEqualTo(alone);
    List<int[]> whole = both.subList(alone.size(), both.size());
    assertThat(whole).hasSizeGreaterThan(2);
    GreedySupport convolution =
        GreedySupport.of(regression(new LayerShape(SHAPE.outputs(), CHANNELS, 2, 2)));
    for (int[] inputs : whole) {
      int[] channels = Arrays.stream(inputs).map(input -> input / POSITIONS).distinct().toArray();
      assertThat(inputs).hasSize(channels.length * POSITIONS);
      assertThat(channels).isEqualTo(convolution.support(channels.length).indices());
    }
  }

  @Test
  void aSingleChannelIsNoChoice() {
    assertThat(supports(regression(SHAPE), SHAPE.columns()))
        .usingRecursiveComparison()
        .isEqualTo(supports(regression(SHAPE), 1));
  }

  private static List<int[]> supports(Regression regression, int together) {
    return InputSupports.proposals(regression, together).stream()
        .map(proposal -> proposal.structure().support().indices())
        .toList();
  }

  private static Regression regression(LayerShape shape) {
    Samples inputs = new Samples(500, shape.columns(), normal(500, shape.columns(), 3).floats());
    Moments.Accumulator accumulator = new Moments.Accumulator(shape.columns(), shape.outputs());
    Matrix weights = normal(shape.outputs(), shape.columns(), 5);
    accumulator.add(inputs, inputs.transformed(weights, new double[shape.outputs()]));
    return Regression.of(shape, weights, accumulator.moments(), 1e-6);
  }
}
