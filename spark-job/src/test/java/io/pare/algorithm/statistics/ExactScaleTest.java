package io.pare.algorithm.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactScaleTest {

  @Test
  void noValueMovesByMoreThanHalfAStepOfEighteenBits() {
    Random random = new Random(3);
    ExactScale scale = ExactScale.of(5.5, 100_000);
    for (int k = 0; k < 1000; k++) {
      double value = (random.nextDouble() - 0.5) * 11;
      assertThat(scale.round(value)).isCloseTo(value, within(8 * 0x1p-19));
      assertThat((double) (float) scale.round(value)).isEqualTo(scale.round(value));
    }
  }

  @Test
  void sumsOfProductsAreExactInAnyOrder() {
    Random random = new Random(5);
    int terms = 1 << 17;
    ExactScale left = ExactScale.of(1000, terms);
    ExactScale right = ExactScale.of(1e-3, terms);
    List<Double> products = new ArrayList<>();
    BigDecimal exact = BigDecimal.ZERO;
    for (int k = 0; k < terms; k++) {
      double a = left.round(1000 - random.nextDouble());
      double b = right.round(1e-3 - 1e-6 * random.nextDouble());
      products.add(a * b);
      exact = exact.add(new BigDecimal(a).multiply(new BigDecimal(b)));
    }
    for (int order = 0; order < 3; order++) {
      Collections.shuffle(products, random);
      double sum = 0;
      for (double product : products) {
        sum += product;
      }
      assertThat(new BigDecimal(sum)).isEqualByComparingTo(exact);
    }
  }

  @Test
  void longerSumsHaveFewerBits() {
    assertThat(ExactScale.bits(1)).isEqualTo(18);
    assertThat(ExactScale.bits(1 << 17)).isEqualTo(18);
    assertThat(ExactScale.bits((1 << 17) + 1)).isEqualTo(17);
    assertThat(ExactScale.bits(1 << 20)).isEqualTo(16);
  }

  @Test
  void zerosStayAndWhatIsNotFiniteIsRefused() {
    assertThat(ExactScale.of(0, 10).round(0)).isZero();
    assertThat(ExactScale.of(1e-300, 10).round(1e-300)).isFinite();
    assertThatThrownBy(() -> ExactScale.of(Double.NaN, 10))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("NaN");
  }
}
