package io.pare.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.report.layer.SumFinding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SweepReportTest {

  @Test
  void everyLayersBestSumStandsBesideTheSingleComponentOfItsSize() {
    SumFinding wins =
        new SumFinding(
            true,
            List.of(
                new SumFinding.Point("channel(3)+inputs(2)", 900, 0.09, 0.1),
                new SumFinding.Point("channel(5)+inputs(4)", 1900, 0.03, 0.05)));
    SumFinding loses =
        new SumFinding(false, List.of(new SumFinding.Point("spatial(2)+inputs(1)", 50, 0.3, 0.2)));

    String table = report(Map.of("fire|<b>", wins, "conv", loses)).markdown();

    assertThat(table.lines())
        .contains("| fire__b_ | win | channel(5)+inputs(4) | 1,900 | 0.0300 | 0.0500 | +40.0 % |")
        .contains("| conv | lose | spatial(2)+inputs(1) | 50 | 0.300 | 0.200 | -50.0 % |");
  }

  @Test
  void aSumThatIsFarOffHasNoPercentage() {
    SumFinding far =
        new SumFinding(
            false, List.of(new SumFinding.Point("spatial(1)+inputs(1)", 777, 0.184, 1.8e-5)));

    assertThat(report(Map.of("conv", far)).markdown().lines())
        .contains("| conv | lose | spatial(1)+inputs(1) | 777 | 0.184 | 1.80e-05 |  |");
  }

  @Test
  void nothingIsSaidOfSumsWhereThereAreNone() {
    assertThat(report(Map.of()).markdown()).doesNotContain("sparse component");
  }

  private static SweepReport report(Map<String, SumFinding> sums) {
    NetworkFigures before =
        new NetworkFigures(1000, 2000, 4000, Optional.empty(), Optional.empty());
    return new SweepReport(
        "model.onnx", before, List.of(), List.of(), sums, 7, Map.of(), Map.of(), List.of());
  }
}
