package io.pare.algorithm.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.LayerShape;
import io.pare.algorithm.structure.Window;
import io.pare.testing.Matrices;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
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
  private static final int GROUPS = 2;

  @Provide
  Arbitrary<Window> windows() {
    Arbitrary<Integer> small = Arbitraries.integers().between(1, 3);
    Arbitrary<Window.Axis> axes =
        Combinators.combine(
                Arbitraries.integers().between(5, 7),
                small,
                small,
                Arbitraries.integers().between(0, 2),
                Arbitraries.integers().between(0, 1),
                Arbitraries.integers().between(1, 2))
            .as(Window.Axis::new);
    return Combinators.combine(axes.list().ofMinSize(1).ofMaxSize(3), Arbitraries.of(true, false))
        .as(Window::new);
  }

  @Property(tries = 80, seed = "1")
  void patchesTimesWeightsAreTheConvolutionOfEveryGroup(
      @ForAll("windows") Window window,
      @ForAll @IntRange(min = 0, max = 5) int offset,
      @ForAll long seed) {
    LayerShape shape = new LayerShape(3, 2, window.rows(), window.columns());
    PatchGeometry geometry = new PatchGeometry(shape, window);
    int inputs = product(window, a -> window.axes().get(a).size());
    int positions = product(window, window::outputs);
    int channels = GROUPS * shape.inputChannels();
    float[] values = Matrices.normal(1, offset + channels * inputs, seed).floats();
    for (int group = 0; group < GROUPS; group++) {
      Matrix weights = Matrices.normal(shape.outputs(), shape.columns(), seed + group);
      int first = offset + group * shape.inputChannels() * inputs;
      double[] expected = convolved(window, values, first, weights);
      int[] all = IntStream.range(0, positions).toArray();
      float[] together = new float[positions * shape.columns() + 2];
      geometry.copyPatches(FloatBuffer.wrap(values), first, all, together, 1);
      assertThat(together[0]).isZero();
      assertThat(together[together.length - 1]).isZero();
      for (int position = 0; position < positions; position++) {
        float[] target = new float[shape.columns()];
        geometry.copyPatches(FloatBuffer.wrap(values), first, new int[] {position}, target, 0);
        int at = 1 + position * shape.columns();
        assertThat(target).isEqualTo(Arrays.copyOfRange(together, at, at + shape.columns()));
        Samples patch = new Samples(1, shape.columns(), target);
        Samples output = patch.transformed(weights, new double[shape.outputs()]);
        for (int o = 0; o < shape.outputs(); o++) {
          assertThat((double) output.values()[o])
              .isCloseTo(expected[o * positions + position], within(1e-4));
        }
      }
    }
  }

  /** Every product of a weight and a value, added where ONNX puts it. */
  private static double[] convolved(Window window, float[] values, int first, Matrix weights) {
    int inputs = product(window, a -> window.axes().get(a).size());
    int positions = product(window, window::outputs);
    int taps = window.taps();
    double[] sums = new double[weights.rows() * positions];
    for (int at = 0; at < (window.transposed() ? inputs : positions); at++) {
      for (int tap = 0; tap < taps; tap++) {
        OptionalInt other = other(window, at, tap);
        if (other.isEmpty()) {
          continue;
        }
        int source = window.transposed() ? at : other.getAsInt();
        int target = window.transposed() ? other.getAsInt() : at;
        for (int o = 0; o < weights.rows(); o++) {
          for (int c = 0; c < weights.columns() / taps; c++) {
            sums[o * positions + target] +=
                weights.at(o, c * taps + tap) * values[first + c * inputs + source];
          }
        }
      }
    }
    return sums;
  }

  /** What a kernel at a place reads through a tap; transposed, what it writes. */
  private static OptionalInt other(Window window, int at, int tap) {
    int place = 0;
    int stride = 1;
    int restOfTap = tap;
    int restOfPlace = at;
    for (int a = window.axes().size() - 1; a >= 0; a--) {
      Window.Axis axis = window.axes().get(a);
      int kernels = window.transposed() ? axis.size() : window.outputs(a);
      int length = window.transposed() ? window.outputs(a) : axis.size();
      int along =
          restOfPlace % kernels * axis.stride()
              - axis.before()
              + restOfTap % axis.taps() * axis.dilation();
      if (along < 0 || along >= length) {
        return OptionalInt.empty();
      }
      place += along * stride;
      stride *= length;
      restOfPlace /= kernels;
      restOfTap /= axis.taps();
    }
    return OptionalInt.of(place);
  }

  private static int product(Window window, IntUnaryOperator lengths) {
    return IntStream.range(0, window.axes().size()).map(lengths).reduce(1, (a, b) -> a * b);
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
