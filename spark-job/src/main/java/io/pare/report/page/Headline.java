package io.pare.report.page;

import io.pare.report.Accuracy;
import io.pare.report.MeasuredLatency;
import io.pare.report.NetworkFigures;
import io.pare.report.RunReport;
import io.pare.report.figure.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The top of the page: what became smaller, and what it cost. */
final class Headline {
  private final NetworkFigures before;
  private final NetworkFigures after;
  private final RunReport report;

  private Headline(RunReport report) {
    this.report = report;
    this.before = report.before();
    this.after = report.after();
  }

  static Element of(RunReport report) {
    return new Headline(report).element();
  }

  private Element element() {
    Element header =
        Element.of("header")
            .add(Element.of("p", "kicker").text("Pare · report of a compression"))
            .add(Element.of("h1").text(shortName(report.model())))
            .add(Element.of("p", "verdict").text(verdict()))
            .add(Element.of("p", "summary").text(summary()));
    Element cards =
        Element.of("div", "cards")
            .add(card("Weights", before.weights(), after.weights(), Numbers::count))
            .add(card("Multiply-accumulates", before.macs(), after.macs(), Numbers::compact))
            .add(card("File", before.bytes(), after.bytes(), Numbers::bytes));
    if (before.latency().isPresent() && after.latency().isPresent()) {
      cards.add(latency(before.latency().get(), after.latency().get()));
    }
    return header.add(cards);
  }

  /** The last part of a path. */
  private static String shortName(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    return name.isEmpty() ? model : name;
  }

  /** What was gained and whether it cost anything, in a sentence. */
  private String verdict() {
    String gain =
        "%s fewer weights%s".formatted(ratio(before.weights(), after.weights()), faster());
    int warnings = report.warnings().size();
    String seen =
        warnings == 0
            ? ""
            : warnings == 1 ? " See the warning." : " See %d warnings.".formatted(warnings);
    return gain + cost() + seen;
  }

  private String faster() {
    if (before.latency().isEmpty() || after.latency().isEmpty()) {
      return "";
    }
    double old = before.latency().get().medianMillis();
    double now = after.latency().get().medianMillis();
    return now <= old
        ? ", %s faster".formatted(Numbers.factor(old / now))
        : ", %s slower".formatted(Numbers.factor(now / old));
  }

  private String cost() {
    Optional<Accuracy.Paired> paired = after.accuracy().flatMap(Accuracy::paired);
    if (paired.isPresent() && before.accuracy().isPresent()) {
      double points =
          100 * (after.accuracy().orElseThrow().top1Rate() - before.accuracy().get().top1Rate());
      return "; top-1 %s points, %s."
          .formatted(
              Numbers.signed(points),
              paired.get().beyondChance() ? "more than chance" : "no more than chance");
    }
    return after
        .accuracy()
        .flatMap(Accuracy::agreement)
        .map(
            share ->
                "; the same first class on %s of the images.".formatted(Numbers.percent(share)))
        .orElse("; what it cost was not measured.");
  }

  private static String ratio(long before, long after) {
    return Numbers.factor((double) before / Math.max(1, after));
  }

  private String summary() {
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "%s of %s weights are left, for the target %s."
            .formatted(
                Numbers.count(after.weights()), Numbers.count(before.weights()), report.target()));
    Optional<Accuracy> old = before.accuracy();
    Optional<Accuracy> now = after.accuracy();
    if (old.isPresent() && now.isPresent() && now.get().labelled() > 0) {
      sentences.add(
          "Top-1 accuracy is %s, where the original has %s, on %s labelled images."
              .formatted(
                  Numbers.percent(now.get().top1Rate()),
                  Numbers.percent(old.get().top1Rate()),
                  Numbers.count(now.get().labelled())));
    } else if (now.isPresent()) {
      sentences.add(likeness(now.get()));
    } else {
      sentences.add("Accuracy was not measured: the run had no validation images.");
    }
    return String.join(" ", sentences);
  }

  private String likeness(Accuracy now) {
    List<String> parts = new ArrayList<>();
    now.agreement()
        .ifPresent(
            share ->
                parts.add(
                    "its first class is the original's in %s of the cases"
                        .formatted(Numbers.percent(share))));
    now.outputError()
        .ifPresent(
            error ->
                parts.add(
                    "the relative squared error of its outputs is %s"
                        .formatted(Numbers.three(error))));
    return "On %s %s %s."
        .formatted(
            Numbers.count(now.images()), report.measuredImages(), String.join(", and ", parts));
  }

  /** How a figure is written. */
  private interface Writing {
    String of(long figure);
  }

  /** A figure before and after, less of which is better. */
  private record Change(double before, double after, String better, String worse) {

    String factor() {
      boolean gain = before >= after;
      return Numbers.factor(gain ? before / after : after / before);
    }

    boolean isWorse() {
      return after > before;
    }

    double longer() {
      return Math.max(before, after);
    }

    String word() {
      return before == after ? "unchanged" : before > after ? better : worse;
    }

    /** Share of the longer of two bars. */
    String bar(double figure) {
      return "M0 5H" + Math.round(1000 * figure / Math.max(Double.MIN_NORMAL, longer()));
    }
  }

  private static Element card(String name, long before, long after, Writing writing) {
    return card(name, new Change(before, after, "smaller", "larger"))
        .add(change(writing.of(before), writing.of(after)));
  }

  private static Element latency(MeasuredLatency before, MeasuredLatency after) {
    String how =
        "median, batch of %d, %s"
            .formatted(
                after.batch(), after.threads() == 1 ? "1 thread" : after.threads() + " threads");
    return card(
            "Latency", new Change(before.medianMillis(), after.medianMillis(), "faster", "slower"))
        .add(change(Numbers.millis(before.medianMillis()), Numbers.millis(after.medianMillis())))
        .add(Element.of("p", "note").text(how));
  }

  private static Element card(String name, Change change) {
    Element bar =
        Plot.canvas(1000, 10)
            .add(Plot.path(change.isWorse() ? "worse" : "track", change.bar(change.longer()), ""))
            .add(Plot.path("fill", change.bar(Math.min(change.before(), change.after())), ""));
    return Element.of("div", "card")
        .add(Element.of("h3").text(name))
        .add(
            Element.of("p", "big")
                .text(change.factor())
                .add(Element.of("small").text(" " + change.word())))
        .add(Element.of("div", "bar").add(bar));
  }

  private static Element change(String before, String after) {
    return Element.of("p", "change")
        .add(Element.of("span").text(before))
        .add(Element.of("span", "arrow").text(" → "))
        .add(Element.of("strong").text(after));
  }
}
