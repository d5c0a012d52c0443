package io.pare.job;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pare evaluate}: the keys that bear on reading images and running a network. */
final class EvaluateCommand implements Callable<Integer> {
  private static final Set<String> KEYS =
      Set.of(
          "model",
          "preprocessing",
          "input-size",
          "validation",
          "synsets",
          "labels",
          "batch-size",
          "max-bad-images",
          "pixel-limit",
          "threads");

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final Map<String, String> environment;

  private EvaluateCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  static CommandSpec spec(Map<String, String> environment) {
    CommandSpec spec = new EvaluateCommand(environment).spec;
    spec.mixinStandardHelpOptions(true);
    spec.usageMessage().description("Measures the accuracy of a network on labelled images.");
    ConfigOptions.addTo(spec, KEYS);
    return spec;
  }

  @Override
  public Integer call() {
    Settings settings = ConfigOptions.settings(spec.commandLine().getParseResult(), environment);
    new EvaluationJob(EvaluationConfig.of(settings)).run();
    return 0;
  }
}
