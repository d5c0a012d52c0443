package io.pare.report.card;

import io.pare.report.RunReport;
import io.pare.report.layer.LayerResult;
import java.util.List;

/** The layers as a table for spreadsheets. Pure functions. */
public final class LayersCsv {
  private static final List<String> HEADINGS =
      List.of(
          "layer",
          "operator",
          "shape",
          "groups",
          "activation",
          "structure",
          "weights_before",
          "weights_after",
          "weights_sparse",
          "macs_before",
          "macs_after",
          "error_expected",
          "error",
          "divergence",
          "remark");

  private LayersCsv() {}

  /** The table of a report. */
  public static String of(RunReport report) {
    return Csv.of(HEADINGS, report.layers().stream().map(LayersCsv::row).toList());
  }

  private static List<String> row(LayerResult layer) {
    return List.of(
        Csv.text(layer.name()),
        Csv.text(layer.operator()),
        Csv.text(layer.shape()),
        Integer.toString(layer.groups()),
        Csv.text(layer.activation()),
        Csv.text(layer.structure()),
        Long.toString(layer.weightsBefore()),
        Long.toString(layer.weightsAfter()),
        Long.toString(layer.sparseAfter()),
        Long.toString(layer.macsBefore()),
        Long.toString(layer.macsAfter()),
        Double.toString(layer.expectedError()),
        Double.toString(layer.error()),
        Double.toString(layer.divergence()),
        Csv.text(layer.reason()));
  }
}
