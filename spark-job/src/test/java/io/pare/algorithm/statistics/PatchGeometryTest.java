package io.pare.algorithm.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.LayerShape;
import io.pare.testing.Matrices;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Patches times weights are the convolution, and positions are a function of their seed. */
class PatchGeometryTest {
  private static final int HEIGHT = 7;
  private static final int WIDTH = 6;
  private static final int GROUPS = 2;

  @Provide
  Arbitrary<PatchGeometry> geometries() {
    Arbitrary<Integer> kernels = Arbitraries.integers().between(1, 3);
    Arbitrary<Integer> pads = Arbitraries.integers().between(0, 2);
    Arbitrary<Integer> dilations = Arbitraries.integers().between(1, 2);
    return Combinators.combine(kernels, kernels, kernels, kernels, pads, pads, dilations, dilations)
        .as(
            (height, width, strideHeight, strideWidth, top, left, down, across) ->
                new PatchGeometry(
                    new LayerShape(3, 2, height, width),
                    strideHeight,
                    strideWidth,
                    top,
                    left,
                    down,
                    across));
  }

  @Property(tries = 80, seed = "1")
  void patchesTimesWeightsAreTheConvolutionOfEveryGroup(
      @ForAll("geometries") PatchGeometry geometry,
      @ForAll @IntRange(min = 0, max = 5) int offset,
      @ForAll long seed) {
    LayerShape shape = geometry.shape();
    int channels = GROUPS * shape.inputChannels();
    float[] values = Matrices.normal(1, offset + channels * HEIGHT * WIDTH, seed).floats();
    PatchGeometry.Plane plane =
        new PatchGeometry.Plane(FloatBuffer.wrap(values), offset, HEIGHT, WIDTH);
    for (int group = 0; group < GROUPS; group++) {
      Matrix weights = Matrices.normal(shape.outputs(), shape.columns(), seed + group);
      int first = group * shape.inputChannels();
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          float[] target = new float[shape.columns() + 2];
          geometry.copyPatch(plane, first, y, x, target, 1);
          assertThat(target[0]).isZero();
          assertThat(target[target.length - 1]).isZero();
          Samples patch =
              new Samples(1, shape.columns(), Arrays.copyOfRange(target, 1, target.length - 1));
          Samples output = patch.transformed(weights, new double[shape.outputs()]);
          for (int o = 0; o < shape.outputs(); o++) {
            assertThat((double) output.values()[o])
                .isCloseTo(convolved(plane, geometry, weights, first, o, y, x), within(1e-4));
          }
        }
      }
    }
  }

  private static double convolved(
      PatchGeometry.Plane plane,
      PatchGeometry geometry,
      Matrix weights,
      int firstChannel,
      int output,
      int row,
      int column) {
    LayerShape shape = geometry.shape();
    double sum = 0;
    int weight = 0;
    for (int c = 0; c < shape.inputChannels(); c++) {
      for (int h = 0; h < shape.kernelHeight(); h++) {
        for (int w = 0; w < shape.kernelWidth(); w++) {
          int y = row * geometry.strideHeight() + h * geometry.dilationHeight();
          int x = column * geometry.strideWidth() + w * geometry.dilationWidth();
          sum +=
              weights.at(output, weight++)
                  * padded(plane, firstChannel + c, y - geometry.padTop(), x - geometry.padLeft());
        }
      }
    }
    return sum;
  }

  private static double padded(PatchGeometry.Plane plane, int channel, int y, int x) {
    if (y < 0 || y >= HEIGHT || x < 0 || x >= WIDTH) {
      return 0;
    }
    return plane.values().get(plane.offset() + (channel * HEIGHT + y) * WIDTH + x);
  }

  @Test
  void aFullyConnectedLayerReadsItsInputAsItIs() {
    LayerShape shape = new LayerShape(3, 5, 1, 1);
    float[] values = {1, 2, 3, 4, 5};
    float[] target = new float[5];
    new PatchGeometry(shape, 1, 1, 0, 0, 1, 1)
        .copyPatch(new PatchGeometry.Plane(FloatBuffer.wrap(values), 0, 1, 1), 0, 0, 0, target, 0);
    assertThat(target).isEqualTo(values);
  }

  @Property(tries = 100, seed = "2")
  void positionsAreDistinctAscendingAndTheSameForASeed(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int available,
      @ForAll @IntRange(min = 0, max = 300) int wanted) {
    int[] positions = PatchGeometry.positions(seed, available, wanted);
    assertThat(positions)
        .hasSize(Math.min(available, wanted))
        .isSorted()
        .doesNotHaveDuplicates()
        .isEqualTo(PatchGeometry.positions(seed, available, wanted));
    assertThat(Arrays.stream(positions)).allMatch(p -> p >= 0 && p < available);
  }

  @Test
  void everyPositionIsDrawnAsOftenAsAnyOther() {
    int draws = 20_000;
    int[] counts = new int[10];
    IntStream.range(0, draws)
        .flatMap(seed -> Arrays.stream(PatchGeometry.positions(seed, 10, 3)))
        .forEach(position -> counts[position]++);
    // Three of ten; the standard deviation of a count is 65.
    assertThat(Arrays.stream(counts).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(5700, 6300));
  }
}
