package io.pare.report.card;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.report.RunReport;
import io.pare.report.SampleReports;
import io.pare.report.layer.SumComparison;
import java.util.List;
import org.junit.jupiter.api.Test;

class SumsCsvTest {
  @Test
  void everySumOfTheAdmmHasARowWithItsRivals() {
    RunReport report = SampleReports.full();
    List<List<String>> rows = CsvReader.rows(SumsCsv.of(report));
    long sums =
        report.layers().stream()
            .mapToLong(layer -> SumComparison.of(layer.analysis().candidates()).size())
            .sum();

    assertThat(sums).isPositive();
    assertThat(rows).hasSize((int) sums + 1).allMatch(row -> row.size() == rows.get(0).size());
    List<String> first = rows.get(1);
    SumComparison expected =
        SumComparison.of(report.layers().get(0).analysis().candidates()).get(0);
    assertThat(first.get(2)).isEqualTo(Long.toString(expected.admm().weights()));
    assertThat(first.get(3)).isEqualTo(expected.admm().structure());
    assertThat(Double.parseDouble(first.get(4))).isEqualTo(expected.admm().error());
    assertThat(first.get(10)).isEqualTo(expected.single().orElseThrow().structure());
  }

  @Test
  void aReportWithoutSumsHasHeadingsAlone() {
    assertThat(CsvReader.rows(SumsCsv.of(SampleReports.bare()))).hasSize(1);
  }
}
