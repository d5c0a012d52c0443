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

  @Test
  void agreementAndDivergenceStandBesideTop1() {
    NetworkFigures before =
        new NetworkFigures(1000, 2000, 4000, Optional.of(accuracy(80, 1, 0)), Optional.empty());
    ModeResult plain = result("full, before recovery", accuracy(75, 0.827, 0.496));
    ModeResult learned = result("full", accuracy(79, 0.8356, 0.32553));

    String table =
        new SweepReport(
                "model.onnx",
                before,
                List.of(learned, plain),
                List.of(),
                Map.of(),
                7,
                Map.of(),
                Map.of(),
                List.of())
            .markdown();

    assertThat(table.lines())
        .containsSequence(
            "| target | full | full, before recovery |",
            "| --- | ---: | ---: |",
            "| params=3.0 | 79.00 (-1.00) | 75.00 (-5.00) |")
        .contains("| params=3.0 | 83.56, 0.3255 | 82.70, 0.4960 |");
  }

  private static ModeResult result(String mode, Accuracy accuracy) {
    return new ModeResult(mode, "params=3.0", 300, 600, 1200, Optional.of(accuracy), false);
  }

  private static Accuracy accuracy(long top1, double agreement, double divergence) {
    return new Accuracy(
        100,
        100,
        top1,
        99,
        top1 / 100.0,
        0.99,
        Accuracy.wilson(top1, 100),
        0.7,
        Optional.of(agreement),
        Optional.of(divergence),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static SweepReport report(Map<String, SumFinding> sums) {
    NetworkFigures before =
        new NetworkFigures(1000, 2000, 4000, Optional.empty(), Optional.empty());
    return new SweepReport(
        "model.onnx", before, List.of(), List.of(), sums, 7, Map.of(), Map.of(), List.of());
  }
}
