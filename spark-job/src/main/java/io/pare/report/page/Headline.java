package io.pare.report.page;

import io.pare.report.Accuracy;
import io.pare.report.MeasuredLatency;
import io.pare.report.NetworkFigures;
import io.pare.report.RunReport;
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
    } else if (now.flatMap(Accuracy::agreement).isPresent()) {
      sentences.add(
          "On %s images its first class is the original's in %s of the cases."
              .formatted(
                  Numbers.count(now.get().images()),
                  Numbers.percent(now.get().agreement().orElseThrow())));
    } else {
      sentences.add("Accuracy was not measured: the run had no validation images.");
    }
    return String.join(" ", sentences);
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
