package io.pare.report.page;

import io.pare.report.RecoveryResult;
import io.pare.report.RecoveryResult.Point;
import io.pare.report.RunReport;
import io.pare.report.figure.Numbers;
import io.pare.report.figure.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the network learned again: divergence on held-out images, and the loss, against steps. */
final class RecoveryChart {
  private static final String TITLE = "Learning the outputs again";

  private RecoveryChart() {}

  static Optional<Element> of(RunReport report) {
    return report.recovery().map(its -> its.points().isEmpty() ? untried(its) : section(its));
  }

  private static Element untried(RecoveryResult recovery) {
    return Look.section(
        TITLE, "Nothing was learned: " + String.join("; ", recovery.remarks()) + ".");
  }

  private static Element section(RecoveryResult recovery) {
    List<Point> points = recovery.points();
    List<Double> steps = new ArrayList<>();
    List<Double> values = new ArrayList<>(List.of(0.0));
    List<Plot.Point> heldOut = new ArrayList<>();
    List<Plot.Point> loss = new ArrayList<>();
    for (Point point : points) {
      steps.add((double) point.step());
      values.add(point.divergence());
      heldOut.add(new Plot.Point(point.step(), point.divergence()));
      point
          .loss()
          .ifPresent(
              value -> {
                values.add(value);
                loss.add(new Plot.Point(point.step(), value));
              });
    }
    Plot plot =
        new Plot(
            Scale.linear(steps, value -> Long.toString(Math.round(value))),
            Scale.linear(values, Numbers::three));
    plot.line("primal", heldOut);
    plot.line("dual", loss);
    return Look.section(TITLE, sentence(recovery))
        .add(
            Element.of("p", "legend")
                .add(Look.key("primal", "divergence on held-out images"))
                .add(Look.key("dual", "loss on the images it learned from")),
            Element.of("figure").add(plot.element("", "step", "nats")));
  }

  private static String agreement(double before, double after) {
    return String.format(
        Locale.ROOT, ", agreement %.2f and %.2f\u202F%%", 100 * before, 100 * after);
  }

  private static String sentence(RecoveryResult recovery) {
    Point first = recovery.points().get(0);
    Point best =
        recovery.points().stream()
            .min((a, b) -> Double.compare(a.divergence(), b.divergence()))
            .orElse(first);
    String remarks =
        recovery.remarks().isEmpty()
            ? ""
            : " Left out: " + String.join("; ", recovery.remarks()) + ".";
    return String.format(
        Locale.ROOT,
        "Without labels, on %d images at a rate of %s: divergence from the original on held-out images %s before, %s at the best step (%d)%s. %s%s",
        recovery.images(),
        Numbers.three(recovery.rate()),
        Numbers.three(first.divergence()),
        Numbers.three(best.divergence()),
        best.step(),
        first
            .agreement()
            .flatMap(before -> best.agreement().map(after -> agreement(before, after)))
            .orElse(""),
        recovery.used()
            ? "The network of that step is published."
            : "It did not help: the network is published as it was fitted.",
        remarks);
  }
}
