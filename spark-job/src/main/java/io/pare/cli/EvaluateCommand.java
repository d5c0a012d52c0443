package io.pare.cli;

import io.pare.config.EvaluationConfig;
import io.pare.run.EvaluationJob;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code pare evaluate}: the keys that bear on reading images and running a network. */
final class EvaluateCommand implements Callable<Integer> {
  private static final String REFERENCE = "--reference";
  private static final String RESULT_JSON = "--result-json";
  private static final Set<String> KEYS =
      Set.of(
          "model",
          "preprocessing",
          "input-size",
          "inputs",
          "outputs",
          "trial-seconds",
          "validation",
          "synsets",
          "labels",
          "label-offset",
          "batch-size",
          "max-bad-images",
          "pixel-limit",
          "threads");

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final Map<String, String> environment;
  private final PrintStream out;

  private EvaluateCommand(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  static CommandSpec spec(Map<String, String> environment, PrintStream out) {
    CommandSpec spec = new EvaluateCommand(environment, out).spec;
    spec.mixinStandardHelpOptions(true);
    spec.usageMessage().description("Measures the accuracy of a network on labelled images.");
    ConfigOptions.addTo(spec, KEYS);
    spec.addOption(
        option(
            REFERENCE,
            "MODEL",
            "A network to compare to, such as the original: agreement and divergence are measured too."));
    spec.addOption(
        option(RESULT_JSON, "PATH", "File that the result is written to as JSON: a Hadoop path."));
    Examples.addTo(
        spec,
        "pare evaluate vgg16-pared/model.onnx --validation imagenet-val.parquet",
        "pare evaluate vgg16-pared/model.onnx --validation val/ --reference vgg16.onnx");
    return spec;
  }

  private static OptionSpec option(String name, String label, String description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(String.class)
        .description(description)
        .build();
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    EvaluationConfig config =
        EvaluationConfig.of(
            ConfigOptions.settings(parsed, environment),
            Optional.ofNullable(parsed.matchedOptionValue(REFERENCE, null)),
            Optional.ofNullable(parsed.matchedOptionValue(RESULT_JSON, null)));
    new EvaluationJob(config, out).run();
    return 0;
  }
}
