package io.pare.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pare.report.layer.LayerAnalysis;
import org.junit.jupiter.api.Test;

class RunReportTest {

  @Test
  void aReportIsReadBackAsItWasWritten() {
    assertThat(RunReport.of(SampleReports.full().json())).isEqualTo(SampleReports.full());
    assertThat(RunReport.of(SampleReports.hostile().json())).isEqualTo(SampleReports.hostile());
    assertThat(RunReport.of(SampleReports.bare().json())).isEqualTo(SampleReports.bare());
  }

  @Test
  void whatAnOlderVersionDidNotWriteIsEmptyAndWhatANewerOneAddsIsPassedOver() {
    String figures = "{\"weights\": 1, \"macs\": 2, \"bytes\": 3, \"watts\": 4}";
    String layer =
        "{\"name\": \"a\", \"operator\": \"Conv\", \"shape\": \"\", \"activation\": \"\", \"structure\": \"keep\", \"reason\": \"\"}";
    RunReport report =
        RunReport.of(
            "{\"model\": \"m\", \"target\": \"params=2\", \"before\": %s, \"after\": %s, \"layers\": [%s]}"
                .formatted(figures, figures, layer));

    assertThat(report.before().latency()).isEmpty();
    assertThat(report.comparison()).isEmpty();
    assertThat(report.seconds()).isEmpty();
    assertThat(report.layers().get(0).analysis()).isEqualTo(LayerAnalysis.NONE);
  }

  @Test
  void aFigureThatIsNotThereIsNullAndNoText() {
    String json = SampleReports.full().json();

    assertThat(json).containsPattern("\"loss\" : null").containsPattern("\"predicted\" : null");
    assertThat(json).doesNotContain("NaN").doesNotContain("Infinity");
    assertThat(RunReport.of(json.replace("\"loss\" : null", "\"loss\" : \"NaN\"")))
        .as("as an older version wrote it")
        .isEqualTo(SampleReports.full());
  }

  @Test
  void whatIsNoReportIsRefusedWithTheReason() {
    assertThatIllegalArgumentException().isThrownBy(() -> RunReport.of(""));
    assertThatIllegalArgumentException().isThrownBy(() -> RunReport.of("null"));
    assertThatIllegalArgumentException().isThrownBy(() -> RunReport.of("[1, 2"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunReport.of("{\"files\": {}}"))
        .withMessageContaining("missing");
  }
}
