package io.pare.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.report.SampleReports;
import io.pare.report.SampleSweeps;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SweepPageTest {

  @Test
  void thePageHasACurveOfEachMethodAndSaysWhichNetworkKeepsTop1() {
    String page = SweepPage.of(SampleSweeps.full());

    assertThat(Pattern.compile("class=\"line mode-").matcher(page).results()).hasSize(5);
    assertThat(page)
        .contains("20 networks of 5 methods", "No network stays within a point")
        .contains(
            "params=9.0 cannot be reached", "few-samples", "spatial(4)+inputs(2)", "original");
  }

  @Test
  void namesOfOthersAreText() {
    assertThat(SweepPage.of(SampleSweeps.hostile())).doesNotContain(SampleReports.HOSTILE);
  }
}
