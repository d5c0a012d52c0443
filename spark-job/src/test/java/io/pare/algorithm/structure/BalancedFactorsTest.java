package io.pare.algorithm.structure;

import static io.pare.testing.Matrices.assertClose;
import static io.pare.testing.Matrices.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pare.algorithm.dense.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Factors of one scale stand for the same matrix. */
class BalancedFactorsTest {
  private static final LayerShape SHAPE = new LayerShape(6, 4, 3, 3);

  static Stream<Component.Factors> forms() {
    return Stream.of(
        Component.Factors.of(Form.CHANNEL, normal(3, 36, 1), normal(6, 3, 2)),
        Component.Factors.of(Form.SPATIAL, normal(5, 12, 1), normal(6, 15, 2)),
        Component.Factors.of(Form.TUCKER, normal(2, 4, 1), normal(5, 18, 2), normal(6, 5, 3)),
        Component.Factors.of(Form.CHAIN, normal(5, 12, 1), normal(4, 15, 2), normal(6, 4, 3)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theMatrixStaysAndEveryUnitHasTheSameNormOnBothSides(Component.Factors even) {
    Component.Factors factors = uneven(even);

    Component.Factors balanced = factors.balanced();

    assertClose(balanced.matrix(SHAPE), factors.matrix(SHAPE), 1e-9);
    for (int k = 0; k + 1 < balanced.factors().size(); k++) {
      Matrix first = balanced.kernel(k);
      Matrix second = balanced.kernel(k + 1);
      for (int q = 0; q < first.rows(); q++) {
        double ratio = rowNorm(first, q) / unitNorm(second, q, first.rows());
        assertThat(ratio).isCloseTo(1, within(1e-2));
      }
    }
  }

  @Test
  void aUnitThatIsZeroOnOneSideStaysAsItIs() {
    Matrix second = normal(6, 3, 2);
    for (int i = 0; i < 6; i++) {
      second.set(i, 1, 0);
    }
    Matrix first = normal(3, 36, 1);

    Component.Factors balanced = Component.Factors.of(Form.CHANNEL, first, second).balanced();

    assertThat(balanced.kernel(0).isFinite()).isTrue();
    assertThat(balanced.kernel(0).rows(new int[] {1})).isEqualTo(first.rows(new int[] {1}));
  }

  @Test
  void whatHasOneFactorStaysAsItIs() {
    for (Component one :
        List.of(
            new Component.Dense(normal(6, 36, 1)),
            new Component.KeptInputs(new int[] {1, 3}, normal(6, 18, 1)),
            new Component.KeptFilters(new int[] {0, 2}, normal(2, 36, 1)))) {
      assertThat(one.balanced()).isSameAs(one);
    }
  }

  /** The same matrix from factors that are up to ten thousand times apart. */
  private static Component.Factors uneven(Component.Factors factors) {
    List<Factor> scaled = new ArrayList<>(factors.factors());
    for (int k = 0; k + 1 < scaled.size(); k++) {
      int rank = scaled.get(k).rank();
      Matrix first = scaled.get(k).kernel().copy();
      Matrix second = scaled.get(k + 1).kernel().copy();
      int taps = second.columns() / rank;
      for (int q = 0; q < rank; q++) {
        double scale = Math.pow(10, 4 - 2 * q);
        for (int j = 0; j < first.columns(); j++) {
          first.set(q, j, first.at(q, j) * scale);
        }
        for (int i = 0; i < second.rows(); i++) {
          for (int t = 0; t < taps; t++) {
            second.set(i, q * taps + t, second.at(i, q * taps + t) / scale);
          }
        }
      }
      scaled.set(k, new Factor(scaled.get(k).taps(), first));
      scaled.set(k + 1, new Factor(scaled.get(k + 1).taps(), second));
    }
    return new Component.Factors(scaled);
  }

  private static double rowNorm(Matrix matrix, int row) {
    double sum = 0;
    for (int j = 0; j < matrix.columns(); j++) {
      sum += matrix.at(row, j) * matrix.at(row, j);
    }
    return Math.sqrt(sum);
  }

  private static double unitNorm(Matrix matrix, int unit, int units) {
    int taps = matrix.columns() / units;
    double sum = 0;
    for (int i = 0; i < matrix.rows(); i++) {
      for (int t = 0; t < taps; t++) {
        double value = matrix.at(i, unit * taps + t);
        sum += value * value;
      }
    }
    return Math.sqrt(sum);
  }
}
