package io.pare.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadImageLimitTest {

  @Test
  void aFractionAllowsItsShareAndAtLeastOne() {
    assertThat(BadImageLimit.parse("0.001").of(50_000)).isEqualTo(50);
    assertThat(BadImageLimit.parse("0.001").of(10)).isEqualTo(1);
    assertThat(BadImageLimit.parse("1.0").of(10)).isEqualTo(10);
  }

  @Test
  void aCountIsTakenAsItIs() {
    assertThat(BadImageLimit.parse("7").of(50_000)).isEqualTo(7);
    assertThat(BadImageLimit.parse("1").of(50_000)).isEqualTo(1);
    assertThat(BadImageLimit.parse("0").of(50_000)).isZero();
    assertThat(BadImageLimit.parse("0.0").of(50_000)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5", "0.1%", "NaN", "many", "1e-3"})
  void refusesWhatIsNeither(String text) {
    assertThatThrownBy(() -> BadImageLimit.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--max-bad-images = "
                + text
                + ": give a whole number of images, or a fraction from 0.0 to 1.0 with a point");
  }
}
