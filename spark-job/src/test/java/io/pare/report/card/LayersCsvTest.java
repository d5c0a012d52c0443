package io.pare.report.card;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.PlainLine;
import io.pare.report.RunReport;
import io.pare.report.SampleReports;
import io.pare.report.layer.LayerAnalysis;
import io.pare.report.layer.LayerResult;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayersCsvTest {

  @Test
  void everyLayerIsALineWithItsFigures() {
    List<List<String>> rows = CsvReader.rows(LayersCsv.of(SampleReports.full()));

    assertThat(rows).hasSize(25);
    assertThat(rows).allSatisfy(row -> assertThat(row).hasSameSizeAs(rows.get(0)));
    assertThat(rows.get(0)).startsWith("layer", "operator", "shape", "groups", "activation");
    assertThat(rows.get(3))
        .startsWith("fire2", "Conv", "64 x 64 x 3 x 3", "1", "relu", "channel(30)+inputs(12)")
        .contains("18000", "7920", "2640");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b", "a\"b", "\"", "", " a ", "ü🍐"})
  void anyNameComesBackAsItWas(String name) {
    assertThat(nameInTable(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb", "\u0007,", "\u001b]0;title\u0007", "\u202eexe.gpj"})
  void whatATerminalWouldObeyIsEscaped(String name) {
    assertThat(nameInTable(name)).isEqualTo(PlainLine.of(name)).doesNotContain("\u001b", "\u202e");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "%a", "|a"})
  void whatASpreadsheetWouldRunIsText(String name) {
    assertThat(nameInTable(name)).isEqualTo("'" + PlainLine.of(name));
  }

  private static String nameInTable(String name) {
    RunReport bare = SampleReports.bare();
    LayerResult layer =
        new LayerResult(
            name, "Conv", "", 1, "", "keep", 1, 1, 0, 1, 1, 0, 0, 0, "", LayerAnalysis.NONE);
    RunReport report =
        new RunReport(
            "m",
            "t",
            bare.before(),
            bare.after(),
            List.of(layer),
            0,
            List.of(),
            0,
            0,
            List.of(),
            List.of(),
            bare.configuration(),
            bare.made(),
            bare.seconds(),
            bare.memory(),
            bare.reused(),
            Optional.empty(),
            Optional.empty(),
            List.of());
    List<List<String>> rows = CsvReader.rows(LayersCsv.of(report));
    assertThat(rows).hasSize(2);
    return rows.get(1).get(0);
  }
}
