package io.pare.run.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.algorithm.statistics.Evaluation;
import java.util.List;
import java.util.OptionalInt;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginalAccuracyTest {

  /** The sum of the binomial probabilities, term by term. */
  @ParameterizedTest
  @CsvSource({"3, 14, 10", "0, 300, 1000", "2, 300, 1000", "7, 20, 3", "5, 5, 2"})
  void theProbabilityIsThatOfAsManyHitsOrMoreAmongDraws(int hits, int images, int classes) {
    double sum = 0;
    for (int k = hits; k <= images; k++) {
      double term = Math.pow(1.0 / classes, k) * Math.pow(1 - 1.0 / classes, images - k);
      for (int j = 1; j <= k; j++) {
        term *= (double) (images - k + j) / j;
      }
      sum += term;
    }

    assertThat(accuracy(hits, images, OptionalInt.of(classes)).byChance())
        .isEqualTo(sum, Offset.offset(1e-9));
  }

  @Test
  void nothingIsSaidOfANetworkWithoutClassesOrImagesWithoutLabels() {
    assertThat(accuracy(0, 300, OptionalInt.empty()).byChance()).isZero();
    assertThat(accuracy(0, 0, OptionalInt.of(10)).byChance()).isZero();
  }

  private static OriginalAccuracy accuracy(int hits, int images, OptionalInt classes) {
    return new OriginalAccuracy(
        new Evaluation(images, images, hits, hits, images, 0, 0, List.of()), classes);
  }
}
