package io.pare.report.card;

import io.pare.report.Accuracy;
import io.pare.report.MeasuredLatency;
import io.pare.report.NetworkFigures;
import io.pare.report.RecoveryResult;
import io.pare.report.RunReport;
import io.pare.report.layer.LayerResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The model card of a compressed network: Markdown with a head of YAML, in the form that the
 * Hugging Face Hub reads. Not thread-safe.
 */
public final class ModelCard {
  private final RunReport report;
  private final List<String> lines = new ArrayList<>();

  private ModelCard(RunReport report) {
    this.report = report;
  }

  /** The card of a report. */
  public static String of(RunReport report) {
    ModelCard card = new ModelCard(report);
    card.head();
    card.figures();
    card.use();
    card.layers();
    card.making();
    return String.join("\n", card.lines) + "\n";
  }

  private void add(String... added) {
    lines.addAll(List.of(added));
  }

  private String name() {
    String file = report.model().substring(report.model().lastIndexOf('/') + 1);
    return file.endsWith(".onnx") ? file.substring(0, file.length() - 5) : file;
  }

  private Optional<Accuracy> labelled(NetworkFigures network) {
    return network.accuracy().filter(accuracy -> accuracy.labelled() > 0);
  }

  private void head() {
    add("---", "library_name: onnx");
    id("license").ifPresent(id -> add("license: " + id.toLowerCase(Locale.ROOT)));
    id("base-model").ifPresent(id -> add("base_model: " + id));
    if (report.after().accuracy().map(Accuracy::sameClass).map(Optional::isPresent).orElse(true)) {
      add("pipeline_tag: image-classification");
    }
    add("tags: [onnx, compression, low-rank, pruning, pare]", "metrics: [accuracy]");
    labelled(report.after()).ifPresent(this::result);
    add("---", "", "# " + Markdown.text(name()) + ", compressed", "");
  }

  /** What a user has set, or the network itself says. */
  private Optional<String> id(String key) {
    return Optional.ofNullable(report.configuration().get(key)).filter(id -> !id.isEmpty());
  }

  /** The result in the form that a leaderboard reads. */
  private void result(Accuracy accuracy) {
    String data = report.configuration().getOrDefault("validation", "validation images");
    add(
        "model-index:",
        "- name: " + Markdown.yaml(name() + ", compressed"),
        "  results:",
        "  - task: {type: image-classification}",
        "    dataset: {type: images, name: "
            + Markdown.yaml(data.substring(data.lastIndexOf('/') + 1))
            + "}",
        "    metrics:",
        "    - {type: accuracy, name: top-1, value: " + rate(accuracy.top1Rate()) + "}",
        "    - {type: accuracy, name: top-5, value: " + rate(accuracy.top5Rate()) + "}");
  }

  private static String rate(double rate) {
    return String.format(Locale.ROOT, "%.4f", rate);
  }

  private String learned() {
    return report.recovery().filter(RecoveryResult::used).isPresent()
        ? ", and the network learned the original's outputs again"
        : "";
  }

  private void figures() {
    add(
        "Made smaller with Pare for the target "
            + Markdown.code(report.target())
            + ": layers became sums of low-rank and structured sparse parts"
            + learned()
            + ". No labels were used. Measured on the file that is published here:",
        "",
        Markdown.row(List.of("", "before", "after", "")),
        "| --- | ---: | ---: | ---: |",
        sizes("weights", NetworkFigures::weights),
        sizes("multiply-accumulates", NetworkFigures::macs),
        sizes("bytes", NetworkFigures::bytes));
    Optional<MeasuredLatency> old = report.before().latency();
    Optional<MeasuredLatency> now = report.after().latency();
    if (old.isPresent() && now.isPresent()) {
      add(latency(old.get(), now.get()));
    }
    if (labelled(report.before()).isPresent() && labelled(report.after()).isPresent()) {
      Accuracy before = labelled(report.before()).get();
      Accuracy after = labelled(report.after()).get();
      add(
          shares("top-1", share(before.top1(), before), share(after.top1(), after)),
          shares("top-5", share(before.top5(), before), share(after.top5(), after)));
    }
    report
        .after()
        .accuracy()
        .flatMap(Accuracy::agreement)
        .ifPresent(share -> add(shares("same class as before", "", percent(share))));
    report
        .after()
        .accuracy()
        .flatMap(Accuracy::outputError)
        .ifPresent(
            error ->
                add(
                    shares(
                        "squared error of the outputs, relative",
                        "",
                        String.format(Locale.ROOT, "%.4f", error))));
    add("");
    labelled(report.after())
        .ifPresent(
            accuracy ->
                add(
                    "Accuracy is over %,d labelled images, with 95 %% Wilson intervals."
                        .formatted(accuracy.labelled()),
                    ""));
  }

  private String sizes(String name, ToLongFunction<NetworkFigures> figure) {
    long before = figure.applyAsLong(report.before());
    long after = figure.applyAsLong(report.after());
    return Markdown.row(
        List.of(
            name,
            String.format(Locale.ROOT, "%,d", before),
            String.format(Locale.ROOT, "%,d", after),
            String.format(Locale.ROOT, "%.2fx", (double) before / Math.max(1, after))));
  }

  private static String latency(MeasuredLatency before, MeasuredLatency after) {
    return Markdown.row(
        List.of(
            "latency, batch %d, threads %d".formatted(after.batch(), after.threads()),
            String.format(Locale.ROOT, "%.2f ms", before.medianMillis()),
            String.format(Locale.ROOT, "%.2f ms", after.medianMillis()),
            String.format(Locale.ROOT, "%.2fx", before.medianMillis() / after.medianMillis())));
  }

  private static String shares(String name, String before, String after) {
    return Markdown.row(List.of(name, before, after, ""));
  }

  private static String share(long hits, Accuracy accuracy) {
    List<Double> interval = Accuracy.wilson(hits, accuracy.labelled());
    return "%s (%s to %s)"
        .formatted(
            percent((double) hits / accuracy.labelled()),
            percent(interval.get(0)),
            percent(interval.get(1)));
  }

  private static String percent(double rate) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * rate);
  }

  private void use() {
    add(
        "## Use",
        "",
        "Runs in any stock ONNX Runtime, with the input, the output and the preprocessing of the"
            + " original"
            + Optional.ofNullable(report.configuration().get("preprocessing"))
                .map(text -> ", in Pare's words " + Markdown.code(text))
                .orElse("")
            + ".",
        "",
        "```python",
        "import numpy",
        "import onnxruntime",
        "",
        "session = onnxruntime.InferenceSession(\"model.onnx\", providers=[\"CPUExecutionProvider\"])",
        "first = session.get_inputs()[0]",
        "floats = {\"tensor(float)\": numpy.float32, \"tensor(float16)\": numpy.float16}[first.type]",
        "opened = [1, 3, 224, 224]  # for sizes that the network leaves open",
        "shape = [n if isinstance(n, int) else o for n, o in zip(first.shape, opened)]",
        "images = numpy.zeros(shape, floats)  # in place of prepared images",
        "outputs = session.run(None, {first.name: images})",
        "```",
        "");
  }

  private void layers() {
    long kept = report.layers().stream().filter(l -> l.weightsAfter() == l.weightsBefore()).count();
    add(
        "## Layers",
        "",
        "%d of %d layers changed; `layers.csv` has them with their errors."
            .formatted(report.layers().size() - kept, report.layers().size()),
        "",
        Markdown.row(List.of("layer", "became", "weights before", "after")),
        "| --- | --- | ---: | ---: |");
    for (LayerResult layer : report.layers()) {
      add(
          Markdown.row(
              List.of(
                  Markdown.code(layer.name()),
                  Markdown.code(layer.structure()),
                  String.format(Locale.ROOT, "%,d", layer.weightsBefore()),
                  String.format(Locale.ROOT, "%,d", layer.weightsAfter()))));
    }
    add("");
  }

  private void making() {
    add(
        "## How it was made",
        "",
        "Fitted to what each layer puts out after its activation, on %,d images without labels%s."
            .formatted(
                report.images(),
                report.badImages().isEmpty()
                    ? ""
                    : "; %,d more could not be read".formatted(report.badImages().size())),
        "",
        "`report.html` shows the run, `report.json` holds all figures, `manifest.json` the versions"
            + " and the effective configuration, `SHA256SUMS` the hashes.");
  }
}
