package io.pare.report.page;

import io.pare.report.RecoveryResult;
import io.pare.report.RecoveryResult.Point;
import io.pare.report.RunReport;
import io.pare.report.figure.Numbers;
import io.pare.report.figure.Scale;
import java.util.ArrayList;
import java.util.Comparator;
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
    Reached reached = reached(recovery);
    String remarks =
        recovery.remarks().isEmpty()
            ? ""
            : " Left out: " + String.join("; ", recovery.remarks()) + ".";
    return String.format(
        Locale.ROOT,
        "Without labels, on %d images at a rate of %s: divergence from the original on held-out images %s before, %s %s%s. %s%s",
        recovery.images(),
        Numbers.three(recovery.rate()),
        Numbers.three(first.divergence()),
        Numbers.three(reached.divergence()),
        reached.where(),
        first
            .agreement()
            .flatMap(before -> reached.agreement().map(after -> agreement(before, after)))
            .orElse(""),
        recovery.used()
            ? "The network from there is published."
            : "It did not help: the network is published as it was fitted.",
        remarks);
  }

  /** The nearest that it came to the original, and where that was. */
  private record Reached(String where, double divergence, Optional<Double> agreement) {}

  private static Reached reached(RecoveryResult recovery) {
    if (recovery.blend().isPresent()) {
      RecoveryResult.Blend blend = recovery.blend().get();
      return new Reached(
          String.format(
              Locale.ROOT,
              "on the line from the first weights to the last, %.0f\u202F%% of the way",
              100 * blend.share()),
          blend.divergence(),
          blend.agreement());
    }
    Point best =
        recovery.points().stream().min(Comparator.comparingDouble(Point::divergence)).orElseThrow();
    return new Reached(
        "at the best step (" + best.step() + ")", best.divergence(), best.agreement());
  }
}
