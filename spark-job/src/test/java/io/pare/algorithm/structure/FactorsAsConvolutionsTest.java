package io.pare.algorithm.structure;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Factors that run one after the other as convolutions give what the convolution with their matrix
 * gives, where each strides, pads and dilates along the directions that it spans.
 */
class FactorsAsConvolutionsTest {
  private static final int HEIGHT = 9;
  private static final int WIDTH = 8;

  /** How a convolution moves along one direction. */
  private record Steps(int stride, int pad, int dilation) {
    static final Steps NONE = new Steps(1, 0, 1);

    int outputs(int size, int kernel) {
      return (size + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
    }

    int input(int output, int tap) {
      return output * stride - pad + tap * dilation;
    }
  }

  /** Channels of one image, one a row, and how wide they are. */
  private record Image(Matrix channels, int width) {
    int height() {
      return channels.columns() / width;
    }

    double at(int channel, int y, int x) {
      boolean inside = y >= 0 && y < height() && x >= 0 && x < width;
      return inside ? channels.at(channel, y * width + x) : 0;
    }
  }

  @Provide
  Arbitrary<Steps> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(1, 2))
        .as(Steps::new);
  }

  @Property(tries = 60, seed = "1")
  void aChainOfConvolutionsIsTheConvolutionWithItsMatrix(
      @ForAll @From("steps") Steps rows,
      @ForAll @From("steps") Steps columns,
      @ForAll @IntRange(min = 1, max = 3) int kernelHeight,
      @ForAll @IntRange(min = 1, max = 3) int kernelWidth,
      @ForAll long seed) {
    LayerShape shape = new LayerShape(4, 3, kernelHeight, kernelWidth);
    Image image = new Image(normal(3, HEIGHT * WIDTH, seed), WIDTH);
    SplittableRandom random = new SplittableRandom(seed);
    for (Form form : SmallStructures.FORMS) {
      Structure.Sum sum = new Structure.Sum(SmallStructures.lowRank(form, random), Support.NONE);
      Component component =
          RandomApproximation.of(shape, sum, new Random(seed)).components().get(0);

      Image step = image;
      for (Factor factor : component.factors()) {
        step = convolved(step, shape, factor, rows, columns);
      }

      Factor whole = new Factor(Taps.ALL, component.matrix(shape));
      Image expected = convolved(image, shape, whole, rows, columns);
      assertThat(step.width()).isEqualTo(expected.width());
      assertThat(step.channels().values())
          .as("%s", form)
          .containsExactly(expected.channels().values(), within(1e-12));
    }
  }

  private static Image convolved(
      Image image, LayerShape shape, Factor factor, Steps rows, Steps columns) {
    int kernelHeight = factor.taps().height(shape);
    int kernelWidth = factor.taps().width(shape);
    Steps down = factor.taps().spansRows() ? rows : Steps.NONE;
    Steps across = factor.taps().spansColumns() ? columns : Steps.NONE;
    int height = down.outputs(image.height(), kernelHeight);
    int width = across.outputs(image.width(), kernelWidth);
    Matrix result = Matrix.zeros(factor.rank(), height * width);
    for (int o = 0; o < factor.rank(); o++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          double sum = 0;
          int weight = 0;
          for (int c = 0; c < image.channels().rows(); c++) {
            for (int h = 0; h < kernelHeight; h++) {
              for (int w = 0; w < kernelWidth; w++) {
                sum +=
                    factor.kernel().at(o, weight++)
                        * image.at(c, down.input(y, h), across.input(x, w));
              }
            }
          }
          result.set(o, y * width + x, sum);
        }
      }
    }
    return new Image(result, width);
  }
}
