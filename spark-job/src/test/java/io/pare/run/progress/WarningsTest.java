package io.pare.run.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.report.Warning;
import io.pare.report.Warning.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarningsTest {

  @Test
  void eachIsThereOnceInTheOrderInWhichItWasNoticed() {
    Warnings warnings = new Warnings();
    warnings.add(Code.BAD_IMAGES, "2 of 9 images are bad", "val");
    warnings.add(Code.FEW_SAMPLES, "1 layer has 2 samples a column", "fc6");
    warnings.add(Code.BAD_IMAGES, "2 of 9 images are bad", "val");
    warnings.add(Code.BAD_IMAGES, "1 of 9 images is bad", "train");

    assertThat(warnings.all().stream().map(Warning::line))
        .containsExactly(
            "bad-images: val: 2 of 9 images are bad",
            "few-samples: fc6: 1 layer has 2 samples a column",
            "bad-images: train: 1 of 9 images is bad");
    assertThat(Warning.summary(warnings.all()))
        .isEqualTo(", with 3 warnings (bad-images, few-samples)");
  }

  @Test
  void aRunWithoutWarningsSaysNothingOfThem() {
    assertThat(Warning.summary(List.of())).isEmpty();
  }
}
