package io.pare.algorithm.dense;

import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MatrixTest {

  @Property(tries = 60, seed = "1")
  void chosenRowsAndColumnsAreThoseOfTheMatrix(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll long seed) {
    Matrix matrix = normal(rows, columns, seed);
    int[] someRows = chosen(rows, seed);
    int[] someColumns = chosen(columns, seed + 1);

    Matrix part = matrix.rows(someRows).columns(someColumns);

    assertThat(part.rows()).isEqualTo(someRows.length);
    assertThat(part.columns()).isEqualTo(someColumns.length);
    for (int i = 0; i < someRows.length; i++) {
      for (int j = 0; j < someColumns.length; j++) {
        assertThat(part.at(i, j)).isEqualTo(matrix.at(someRows[i], someColumns[j]));
      }
    }
    assertThat(matrix.columns(someColumns).rows(someRows)).isEqualTo(part);
  }

  @Property(tries = 60, seed = "2")
  void scatteredRowsAreFoundAgainAndAllElseIsZero(
      @ForAll @IntRange(min = 1, max = 9) int height, @ForAll long seed) {
    int[] places = chosen(height, seed);
    Matrix matrix = normal(places.length, 4, seed);

    Matrix scattered = matrix.scatteredRows(places, height);

    assertThat(scattered.rows()).isEqualTo(height);
    assertThat(scattered.rows(places)).isEqualTo(matrix);
    assertThat(Arrays.stream(scattered.values()).filter(value -> value != 0))
        .containsExactlyInAnyOrder(Arrays.stream(matrix.values()).boxed().toArray(Double[]::new));
  }

  @Property(tries = 60, seed = "3")
  void theTransposeSwapsIndicesAndIsItsOwnInverse(
      @ForAll @IntRange(min = 0, max = 9) int rows,
      @ForAll @IntRange(min = 0, max = 9) int columns,
      @ForAll long seed) {
    Matrix matrix = normal(rows, columns, seed);
    Matrix transposed = matrix.transposed();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        assertThat(transposed.at(j, i)).isEqualTo(matrix.at(i, j));
      }
    }
    assertThat(transposed.transposed()).isEqualTo(matrix);
  }

  @Property(tries = 60, seed = "4")
  void theSymmetricPartIsTheMeanWithTheTranspose(
      @ForAll @IntRange(min = 1, max = 9) int order, @ForAll long seed) {
    Matrix matrix = normal(order, order, seed);
    Matrix symmetric = matrix.symmetricPart();
    assertThat(symmetric.transposed()).isEqualTo(symmetric);
    assertThat(symmetric.symmetricPart()).isEqualTo(symmetric);
    for (int i = 0; i < order; i++) {
      for (int j = 0; j < order; j++) {
        assertThat(symmetric.at(i, j)).isEqualTo((matrix.at(i, j) + matrix.at(j, i)) / 2);
      }
    }
  }

  @Test
  void whatIsDerivedSharesNoEntryWithItsSource() {
    Matrix matrix = normal(3, 3, 5);
    Matrix before = matrix.copy();
    for (Matrix derived :
        new Matrix[] {
          matrix.copy(),
          matrix.firstRows(3),
          matrix.rows(new int[] {0, 1, 2}),
          matrix.columns(new int[] {0, 1, 2}),
          matrix.symmetricPart(),
          matrix.transposed()
        }) {
      Arrays.fill(derived.values(), 9);
      assertThat(matrix).isEqualTo(before);
    }
  }

  @Test
  void theFirstRowsAreTheFirst() {
    Matrix matrix = normal(4, 3, 6);
    assertThat(matrix.firstRows(2)).isEqualTo(matrix.rows(new int[] {0, 1}));
    assertThat(matrix.firstRows(0)).isEqualTo(Matrix.zeros(0, 3));
  }

  @Test
  void singlePrecisionIsKeptExactly() {
    float[] values = {1.1f, -0f, Float.MIN_VALUE, Float.MAX_VALUE};
    assertThat(Matrix.of(2, 2, values).floats()).isEqualTo(values);
  }

  @Test
  void oneEntryThatIsNotFiniteIsSeenWhereverItIs() {
    for (int place = 0; place < 6; place++) {
      for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
        Matrix matrix = normal(2, 3, 7);
        assertThat(matrix.isFinite()).isTrue();
        matrix.values()[place] = bad;
        assertThat(matrix.isFinite()).isFalse();
      }
    }
  }

  @Test
  void equalityIsThatOfShapeAndEntries() {
    Matrix matrix = new Matrix(2, 3, new double[] {1, 2, 3, 4, 5, 6});
    assertThat(matrix).isEqualTo(matrix.copy()).hasSameHashCodeAs(matrix.copy());
    assertThat(matrix).isNotEqualTo(new Matrix(3, 2, matrix.values()));
    assertThat(matrix).isNotEqualTo(new Matrix(2, 3, new double[] {1, 2, 3, 4, 5, 7}));
    assertThat(matrix).hasToString("Matrix[2 x 3]");
  }

  @Test
  void aShapeThatTheValuesDoNotFillIsRefused() {
    assertThatThrownBy(() -> new Matrix(2, 3, new double[5]))
        .hasMessage("a 2 x 3 matrix cannot hold 5 values");
    assertThatThrownBy(() -> new Matrix(-2, -3, new double[6]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Matrix.zeros(1 << 16, 1 << 16))
        .isInstanceOf(ArithmeticException.class);
  }

  /** Some of the numbers below a bound, distinct, in any order; at least one. */
  private static int[] chosen(int bound, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] all = new int[bound];
    for (int k = 0; k < bound; k++) {
      int other = random.nextInt(k + 1);
      all[k] = all[other];
      all[other] = k;
    }
    return Arrays.copyOf(all, 1 + random.nextInt(bound));
  }

  @Test
  void swappedColumnsComeBackWhenTheyAreSwappedAgain() {
    Matrix matrix = new Matrix(1, 6, new double[] {1, 2, 3, 4, 5, 6});
    assertThat(matrix.columnsSwapped(3).values()).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(matrix.columnsSwapped(3).columnsSwapped(2)).isEqualTo(matrix);
  }
}
