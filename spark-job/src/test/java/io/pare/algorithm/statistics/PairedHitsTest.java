package io.pare.algorithm.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.stat.inference.AlternativeHypothesis;
import org.apache.commons.math3.stat.inference.BinomialTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairedHitsTest {

  @ParameterizedTest
  @CsvSource({"1, 0", "5, 0", "40, 6", "6, 40", "12, 11", "700, 650", "9000, 8800"})
  void theProbabilityIsThatOfAnExactBinomialTest(int lost, int gained) {
    double expected =
        new BinomialTest()
            .binomialTest(
                lost + gained, Math.min(lost, gained), 0.5, AlternativeHypothesis.LESS_THAN);

    assertThat(new PairedHits(lost, gained).probability())
        .isCloseTo(Math.min(1, 2 * expected), within(1e-9));
  }

  @Test
  void withoutADifferenceItIsOneAndAFarOneIsStillAboveZero() {
    assertThat(new PairedHits(0, 0).probability()).isEqualTo(1);
    assertThat(new PairedHits(7, 7).probability()).isEqualTo(1);
    assertThat(new PairedHits(40_000, 0).probability()).isPositive().isLessThan(1e-300);
    assertThatThrownBy(() -> new PairedHits(-1, 0)).hasMessageContaining("at least 0");
  }
}
