package io.pare.report.page;

import io.pare.report.Accuracy;
import io.pare.report.OutputFigures;
import io.pare.report.RunReport;
import io.pare.report.figure.Numbers;
import io.pare.report.figure.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Top-1, top-5 and agreement before and after, each with its 95 % interval. */
final class AccuracySection {
  private AccuracySection() {}

  /** A share of so many images. */
  private record Rate(String network, long hits, long images) {

    double share() {
      return images == 0 ? 0 : (double) hits / images;
    }

    double low() {
      return Accuracy.wilson(hits, images).get(0);
    }

    double high() {
      return Accuracy.wilson(hits, images).get(1);
    }
  }

  /** A measure of both networks, or of the compressed one alone. */
  private record Measure(String name, List<Rate> rates) {}

  static Optional<Element> of(RunReport report) {
    if (report.before().accuracy().isEmpty() || report.after().accuracy().isEmpty()) {
      return Optional.empty();
    }
    Accuracy before = report.before().accuracy().get();
    Accuracy after = report.after().accuracy().get();
    List<Measure> measures = measures(before, after);
    Element section =
        Look.section(
            "Accuracy",
            "Measured on the file that was written, on %s %s.%s"
                .formatted(
                    Numbers.count(after.images()),
                    report.measuredImages(),
                    measures.isEmpty()
                        ? ""
                        : " A dot is the share of the images, its line the 95\u202F% Wilson interval."));
    if (!measures.isEmpty()) {
      section.add(chart(measures));
    }
    section.add(losses(before, after));
    return Optional.of(
        after.outputs().size() > 1 || measures.isEmpty()
            ? section.add(outputs(after.outputs()))
            : section);
  }

  private static Element chart(List<Measure> measures) {
    List<Double> ends = new ArrayList<>(List.of(1.0));
    for (Measure measure : measures) {
      measure.rates().forEach(rate -> ends.add(rate.low()));
    }
    Scale scale = Scale.percent(ends);
    Element chart = Element.of("div", "rates");
    measures.forEach(measure -> chart.add(rows(measure, scale)));
    return chart.add(ticks(scale));
  }

  private static Element outputs(List<OutputFigures> outputs) {
    Table table = new Table(1, "output", "same class as the original", "KL divergence", "error");
    for (OutputFigures output : outputs) {
      table.add(
          output.name(),
          output.agreement().map(Numbers::percent).orElse("–"),
          output.divergence().map(Numbers::three).orElse("–"),
          output.error().map(Numbers::three).orElse("–"));
    }
    return table.element();
  }

  private static List<Measure> measures(Accuracy before, Accuracy after) {
    List<Measure> measures = new ArrayList<>();
    if (after.labelled() > 0) {
      measures.add(
          new Measure(
              "Top-1",
              List.of(
                  new Rate("before", before.top1(), before.labelled()),
                  new Rate("after", after.top1(), after.labelled()))));
      measures.add(
          new Measure(
              "Top-5",
              List.of(
                  new Rate("before", before.top5(), before.labelled()),
                  new Rate("after", after.top5(), after.labelled()))));
    }
    after
        .sameClass()
        .ifPresent(
            same ->
                measures.add(
                    new Measure(
                        "Same first class as the original",
                        List.of(new Rate("after", same, after.images())))));
    return measures;
  }

  private static Element rows(Measure measure, Scale scale) {
    Element group = Element.of("div", "rate-group").add(Element.of("h3").text(measure.name()));
    for (Rate rate : measure.rates()) {
      long low = Math.round(1000 * scale.at(rate.low()));
      long high = Math.round(1000 * scale.at(rate.high()));
      Element strip =
          Plot.canvas(1000, 20)
              .add(Plot.path("grid", "M0 10H1000", ""))
              .add(Plot.path("interval " + rate.network(), "M%d 10H%d".formatted(low, high), ""))
              .add(
                  Plot.path(
                      "dot " + rate.network(),
                      "M%d 10h0".formatted(Math.round(1000 * scale.at(rate.share()))),
                      ""));
      group.add(
          Element.of("div", "rate")
              .add(Element.of("span", "network").text(rate.network()))
              .add(Element.of("div", "strip").add(strip))
              .add(Element.of("strong").text(Numbers.percent(rate.share())))
              .add(Element.of("span", "note").text(note(rate))));
    }
    return group;
  }

  private static String note(Rate rate) {
    return "%s of %s, %s to %s"
        .formatted(
            Numbers.count(rate.hits()),
            Numbers.count(rate.images()),
            Numbers.percent(rate.low()),
            Numbers.percent(rate.high()));
  }

  private static Element ticks(Scale scale) {
    Element below = Element.of("div", "x-ticks");
    for (Scale.Tick tick : scale.ticks()) {
      below.add(Element.of("span").placed("left", tick.share()).text(tick.label()));
    }
    return Element.of("div", "rate axis").add(Element.of("span", "network"), below);
  }

  private static String sentence(Accuracy.Paired paired) {
    return "Image by image, %s are right only before and %s only after: if both were equally good, chance would part them so far with a probability of %s (McNemar’s exact test), so the difference is %s."
        .formatted(
            Numbers.count(paired.lost()),
            Numbers.count(paired.gained()),
            Numbers.three(paired.probability()),
            paired.beyondChance() ? "more than chance" : "no more than chance explains");
  }

  private static Element losses(Accuracy before, Accuracy after) {
    List<String> parts = new ArrayList<>();
    if (after.labelled() > 0) {
      parts.add(
          "Cross-entropy %s before, %s after."
              .formatted(Numbers.three(before.loss()), Numbers.three(after.loss())));
    }
    after.paired().map(AccuracySection::sentence).ifPresent(parts::add);
    after
        .divergence()
        .ifPresent(
            nats ->
                parts.add(
                    "Mean KL divergence from the original’s output: %s nats."
                        .formatted(Numbers.three(nats))));
    after
        .outputError()
        .ifPresent(
            error ->
                parts.add(
                    "Squared error of the outputs relative to the original’s: %s."
                        .formatted(Numbers.three(error))));
    return Element.of("p", "note").text(String.join(" ", parts));
  }
}
