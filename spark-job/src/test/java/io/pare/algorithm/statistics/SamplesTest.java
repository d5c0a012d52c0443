package io.pare.algorithm.statistics;

import static io.pare.testing.Matrices.normal;
import static io.pare.testing.Matrices.product;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import io.pare.testing.Matrices;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Samples, their blocks, and the slices of wide layers. */
class SamplesTest {

  @Property(tries = 60, seed = "1")
  void transformedSamplesAreTheAffineMapOfEach(
      @ForAll @IntRange(min = 0, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll @IntRange(min = 1, max = 9) int outputs,
      @ForAll long seed) {
    Samples x = samples(rows, columns, seed);
    Matrix m = normal(outputs, columns, seed + 1);
    double[] bias = normal(1, outputs, seed + 2).values();
    Samples y = x.transformed(m, bias);
    Matrix products = product(matrix(x), m.transposed());
    for (int i = 0; i < rows; i++) {
      for (int o = 0; o < outputs; o++) {
        assertThat((double) y.values()[i * outputs + o])
            .isCloseTo(products.at(i, o) + bias[o], within(1e-5));
      }
    }
  }

  @Property(tries = 60, seed = "2")
  void centredSamplesHaveNoMeanAndTheirSumsAreTold(
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 6) int columns,
      @ForAll long seed) {
    Samples x = Matrices.correlated(rows, columns, seed);
    float[] means = x.columnMeans();
    double[] sums = new double[columns];
    float[] centred = x.centred(means, sums);
    for (int j = 0; j < columns; j++) {
      double sum = 0;
      double mean = 0;
      for (int i = 0; i < rows; i++) {
        sum += centred[i * columns + j];
        mean += (double) x.values()[i * columns + j] / rows;
        assertThat(centred[i * columns + j]).isEqualTo(x.values()[i * columns + j] - means[j]);
      }
      assertThat((double) means[j]).isCloseTo(mean, within(1e-5));
      assertThat(sums[j]).isEqualTo(sum);
      assertThat(sum / rows).isCloseTo(0, within(1e-5));
    }
  }

  @Property(tries = 60, seed = "3")
  void blocksThatWereJoinedAreSplitAgainAsTheyWere(
      @ForAll @IntRange(min = 1, max = 5) int count, @ForAll long seed) {
    List<SampleBlock> blocks = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      blocks.add(new SampleBlock(samples(k * 2, 3, seed + k), samples(3 - k % 4, 3, seed - k - 1)));
    }
    SampleBlock joined = SampleBlock.joined(blocks);
    assertThat(joined.fit().rows()).isEqualTo(blocks.stream().mapToInt(b -> b.fit().rows()).sum());
    assertThat(joined.splitLike(blocks)).usingRecursiveComparison().isEqualTo(blocks);
  }

  @Test
  void someColumnsOfABlockAreThoseOfBothKinds() {
    SampleBlock block = new SampleBlock(samples(4, 6, 1), samples(2, 6, 2));
    SampleBlock part = block.columns(2, 3);
    int[] places = {2, 3, 4};
    assertThat(matrix(part.fit())).isEqualTo(matrix(block.fit()).columns(places));
    assertThat(matrix(part.heldOut())).isEqualTo(matrix(block.heldOut()).columns(places));
  }

  @Test
  void chunksJoinNeighboursInOrderAndEnd() {
    List<PairedBlock> blocks = new ArrayList<>();
    for (int k = 0; k < 4; k++) {
      SampleBlock one = new SampleBlock(samples(3, 2, k), samples(1, 2, k + 9));
      blocks.add(new PairedBlock(one, one, Optional.of(one)));
    }
    Iterator<PairedBlock> chunks = PairedBlock.chunks(blocks.iterator());
    assertThat(chunks.next()).usingRecursiveComparison().isEqualTo(PairedBlock.joined(blocks));
    assertThat(chunks.hasNext()).isFalse();
    assertThatThrownBy(chunks::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> new Samples(2, 3, new float[5]))
        .hasMessage("2 samples of 3 columns cannot hold 5 values");
    assertThatThrownBy(() -> new Samples(0, 0, new float[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Samples samples(int rows, int columns, long seed) {
    return new Samples(rows, columns, normal(rows, columns, seed).floats());
  }

  private static Matrix matrix(Samples samples) {
    return Matrix.of(samples.rows(), samples.columns(), samples.values());
  }
}
