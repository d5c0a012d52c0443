package io.pare.run.pipeline;

import io.pare.model.Layer;
import io.pare.report.Warning;
import io.pare.run.progress.Warnings;
import io.pare.stage.layers.LayerGroups;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What is to be said of how many samples the layers have.
 *
 * @param layers that are sampled
 * @param few layers by number of samples a column, where they are too few
 */
record SampleWarnings(int layers, List<Figure> few) {
  /** With fewer samples for each column of the weights a fit follows noise. */
  private static final double ENOUGH = 5;

  private static final int NAMED = 5;

  /** A layer with its figure. */
  record Figure(String layer, double value) {}

  /**
   * Looks at layers.
   *
   * @param images good calibration images
   * @param heldOut share of them that no fit sees
   */
  static SampleWarnings of(LayerGroups groups, long images, double heldOut) {
    return new SampleWarnings(
        groups.layers().size(),
        below(
            groups,
            layer -> groups.samples(layer, images * (1 - heldOut)) / layer.shape().columns(),
            ENOUGH));
  }

  private static List<Figure> below(
      LayerGroups groups, ToDoubleFunction<Layer> figure, double limit) {
    return groups.layers().stream()
        .map(layer -> new Figure(layer.name(), figure.applyAsDouble(layer)))
        .filter(each -> each.value() < limit)
        .toList();
  }

  void tell(Warnings warnings) {
    if (!few.isEmpty()) {
      warnings.add(
          Warning.Code.FEW_SAMPLES,
          "%d of %d layers have fewer than %.0f samples for each column of their weights, %s the fewest; give more images"
              .formatted(few.size(), layers, ENOUGH, least(few)),
          named(few));
    }
  }

  private static String least(List<Figure> figures) {
    return String.format(
        Locale.ROOT, "%.2g", figures.stream().mapToDouble(Figure::value).min().orElseThrow());
  }

  private static String named(List<Figure> figures) {
    String first =
        figures.stream().limit(NAMED).map(Figure::layer).collect(Collectors.joining(", "));
    return figures.size() > NAMED ? first + " and " + (figures.size() - NAMED) + " more" : first;
  }
}
