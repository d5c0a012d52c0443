package io.pare.algorithm.structure;

import static io.pare.testing.Matrices.assertClose;
import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.algorithm.dense.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The matrix of every component against the table of algorithm.md section 1, written out. */
class ComponentTest {

  @Property(tries = 60, seed = "1")
  void aFactorBeforeAnotherIsTheSumOverWhatLiesBetween(
      @ForAll @IntRange(min = 1, max = 5) int outputs,
      @ForAll @IntRange(min = 1, max = 5) int rank,
      @ForAll @IntRange(min = 1, max = 5) int inputs,
      @ForAll @IntRange(min = 1, max = 6) int taps,
      @ForAll long seed) {
    Matrix kernel = normal(rank, inputs, seed);
    Matrix later = normal(outputs, rank * taps, seed + 1);
    Matrix expected = Matrix.zeros(outputs, inputs * taps);
    for (int o = 0; o < outputs; o++) {
      for (int j = 0; j < inputs; j++) {
        for (int t = 0; t < taps; t++) {
          double sum = 0;
          for (int q = 0; q < rank; q++) {
            sum += later.at(o, q * taps + t) * kernel.at(q, j);
          }
          expected.set(o, j * taps + t, sum);
        }
      }
    }
    assertClose(new Factor(Taps.ALL, kernel).before(later), expected, 1e-12);
  }

  @Property(tries = 60, seed = "2")
  void theChannelFormIsTheProductOfItsFactors(@ForAll long seed) {
    LayerShape shape = SmallStructures.shape(new SplittableRandom(seed));
    int taps = shape.kernelHeight() * shape.kernelWidth();
    Matrix first = normal(3, shape.columns(), seed);
    Matrix last = normal(shape.outputs(), 3, seed + 1);
    assertMatrix(
        Component.Factors.of(Form.CHANNEL, first, last),
        shape,
        (o, i, h, w) -> {
          double sum = 0;
          for (int q = 0; q < 3; q++) {
            sum += last.at(o, q) * first.at(q, i * taps + h * shape.kernelWidth() + w);
          }
          return sum;
        });
  }

  @Property(tries = 60, seed = "3")
  void theSpatialFormSeparatesRowsAndColumns(@ForAll long seed) {
    LayerShape shape = SmallStructures.shape(new SplittableRandom(seed));
    int height = shape.kernelHeight();
    int width = shape.kernelWidth();
    Matrix rows = normal(3, shape.inputChannels() * height, seed);
    Matrix columns = normal(shape.outputs(), 3 * width, seed + 1);
    assertMatrix(
        Component.Factors.of(Form.SPATIAL, rows, columns),
        shape,
        (o, i, h, w) -> {
          double sum = 0;
          for (int q = 0; q < 3; q++) {
            sum += columns.at(o, q * width + w) * rows.at(q, i * height + h);
          }
          return sum;
        });
  }

  @Property(tries = 60, seed = "4")
  void theTuckerFormMixesChannelsOnBothSidesOfItsCore(@ForAll long seed) {
    LayerShape shape = SmallStructures.shape(new SplittableRandom(seed));
    int taps = shape.kernelHeight() * shape.kernelWidth();
    Matrix first = normal(2, shape.inputChannels(), seed);
    Matrix core = normal(3, 2 * taps, seed + 1);
    Matrix last = normal(shape.outputs(), 3, seed + 2);
    assertMatrix(
        Component.Factors.of(Form.TUCKER, first, core, last),
        shape,
        (o, i, h, w) -> {
          double sum = 0;
          for (int p = 0; p < 2; p++) {
            for (int q = 0; q < 3; q++) {
              double middle = core.at(q, p * taps + h * shape.kernelWidth() + w);
              sum += last.at(o, q) * middle * first.at(p, i);
            }
          }
          return sum;
        });
  }

  @Property(tries = 60, seed = "5")
  void theChainIsASpatialFormWithAFactorOfOutputs(@ForAll long seed) {
    LayerShape shape = SmallStructures.shape(new SplittableRandom(seed));
    int height = shape.kernelHeight();
    int width = shape.kernelWidth();
    Matrix rows = normal(3, shape.inputChannels() * height, seed);
    Matrix columns = normal(2, 3 * width, seed + 1);
    Matrix last = normal(shape.outputs(), 2, seed + 2);
    assertMatrix(
        Component.Factors.of(Form.CHAIN, rows, columns, last),
        shape,
        (o, i, h, w) -> {
          double sum = 0;
          for (int q = 0; q < 3; q++) {
            for (int s = 0; s < 2; s++) {
              sum += last.at(o, s) * columns.at(s, q * width + w) * rows.at(q, i * height + h);
            }
          }
          return sum;
        });
  }

  @Property(tries = 60, seed = "6")
  void keptInputsAndFiltersAreZeroElsewhere(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LayerShape shape = SmallStructures.shape(random);
    int taps = shape.kernelHeight() * shape.kernelWidth();
    int[] inputs = SmallStructures.some(shape.inputChannels(), random);
    int[] filters = SmallStructures.some(shape.outputs(), random);
    Matrix onInputs = normal(shape.outputs(), inputs.length * taps, seed);
    Matrix inFull = normal(filters.length, shape.columns(), seed);
    assertMatrix(
        new Component.KeptInputs(inputs, onInputs),
        shape,
        (o, i, h, w) -> {
          int place = Arrays.binarySearch(inputs, i);
          int tap = h * shape.kernelWidth() + w;
          return place < 0 ? 0 : onInputs.at(o, place * taps + tap);
        });
    assertMatrix(
        new Component.KeptFilters(filters, inFull),
        shape,
        (o, i, h, w) -> {
          int place = Arrays.binarySearch(filters, o);
          return place < 0 ? 0 : inFull.at(place, i * taps + h * shape.kernelWidth() + w);
        });
  }

  @Property(tries = 40, seed = "7")
  void someOutputsAreThoseRowsOfTheMatrix(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LayerShape shape = SmallStructures.shape(random);
    int[] rows = SmallStructures.some(shape.outputs(), random);
    LayerShape part = shape.withOutputs(rows.length);
    for (Structure.Sum sum : SmallStructures.sums(shape, random)) {
      for (Component component :
          RandomApproximation.of(shape, sum, new Random(seed)).components()) {
        if (!(component instanceof Component.KeptFilters)) {
          Component chosen = component.outputs(rows);
          assertClose(chosen.matrix(part), component.matrix(shape).rows(rows), 1e-12);
          assertThat(chosen.weights()).isLessThanOrEqualTo(component.weights());
          if (chosen instanceof Component.Factors factors) {
            assertClose(
                factors.scattered(rows, shape.outputs()).matrix(shape),
                component.matrix(shape).rows(rows).scatteredRows(rows, shape.outputs()),
                1e-12);
          }
        }
      }
    }
  }

  @Test
  void noRankIsNoMatrixAndAWrongNumberOfFactorsIsRefused() {
    LayerShape shape = new LayerShape(2, 3, 1, 1);
    Component empty = Component.Factors.of(Form.CHANNEL, Matrix.zeros(0, 3), Matrix.zeros(2, 0));
    assertThat(empty.matrix(shape)).isEqualTo(Matrix.zeros(2, 3));
    assertThatThrownBy(() -> Component.Factors.of(Form.TUCKER, normal(1, 3, 1), normal(2, 1, 1)))
        .hasMessage("TUCKER has 3 factors, not 2");
    assertThatThrownBy(() -> new Component.Factors(List.of(new Factor(Taps.ALL, normal(1, 3, 1)))))
        .hasMessageContaining("at least two factors");
    assertThatThrownBy(
            () -> new Component.KeptFilters(new int[] {0}, normal(1, 3, 1)).outputs(new int[] {0}))
        .hasMessageContaining("not restricted once more");
    assertThatThrownBy(() -> new Approximation(List.of(), new double[2]))
        .hasMessageContaining("at least one component");
  }

  /** An entry of W by output, input channel, kernel row and kernel column. */
  private interface Entry {
    double at(int o, int i, int h, int w);
  }

  private static void assertMatrix(Component component, LayerShape shape, Entry entry) {
    Matrix expected = Matrix.zeros(shape.outputs(), shape.columns());
    int next = 0;
    for (int o = 0; o < shape.outputs(); o++) {
      for (int i = 0; i < shape.inputChannels(); i++) {
        for (int h = 0; h < shape.kernelHeight(); h++) {
          for (int w = 0; w < shape.kernelWidth(); w++) {
            expected.values()[next++] = entry.at(o, i, h, w);
          }
        }
      }
    }
    assertClose(component.matrix(shape), expected, 1e-12);
  }
}
