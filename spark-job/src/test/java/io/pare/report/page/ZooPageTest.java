package io.pare.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.report.SampleZoos;
import io.pare.report.ZooReport;
import io.pare.report.ZooStage;
import org.junit.jupiter.api.Test;

class ZooPageTest {

  @Test
  void whatFailedStandsBeforeTheResultsAndTheTotalsAreThoseOfTheResults() {
    String page = ZooPage.of(SampleZoos.full());

    assertThat(page)
        .containsSubsequence("In all 8.11", "16.2", "Without a result", ">Results<")
        .contains("<dt class=\"failed\">", "latency", "when it was made");
  }

  @Test
  void itLinksToEachReportWhereItIsAndSaysWhyOthersHaveNone() {
    String page = ZooPage.of(SampleZoos.full());

    assertThat(page)
        .contains("href=\"squeezenet1.1/run-app-1/report.html\"")
        .contains("2 compressed, 1 up to date, 0 skipped, 2 failed")
        .contains("the file is truncated, damaged or no ONNX model")
        .doesNotContain("href=\"truncated/");
  }

  @Test
  void aStageIsReachedByThoseThatPassedItAndThoseThatAreUpToDate() {
    ZooReport report = SampleZoos.full();

    assertThat(report.count(ZooStage.READ)).isEqualTo(4);
    assertThat(report.count(ZooStage.VALIDATED)).isEqualTo(3);
    assertThat(report.models().get(3).at(ZooStage.VALIDATED).text()).isEqualTo("failed");
    assertThat(report.models().get(3).at(ZooStage.SOLVED).text()).isEqualTo("-");
    assertThat(report.models().get(4).at(ZooStage.READ).text()).isEqualTo("failed");
    assertThat(report.models().get(1).at(ZooStage.SOLVED).text()).isEqualTo("kept");
  }

  @Test
  void markupInNamesIsText() {
    assertThat(ZooPage.of(SampleZoos.hostile())).doesNotContain("<script");
  }
}
