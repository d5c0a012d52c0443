package io.pare.cli;

import io.pare.InputException;
import io.pare.config.ConfigFile;
import io.pare.config.JobConfig;
import io.pare.report.RunResult;
import io.pare.run.CompressionJob;
import io.pare.run.ResultFile;
import io.pare.run.zoo.ZooJob;
import io.pare.run.zoo.ZooPlan;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code pare compress}: all keys are options. */
final class CompressCommand implements Callable<Integer> {
  private static final String RESULT_JSON = "--result-json";
  private static final String ESTIMATE = "--estimate";

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final Map<String, String> environment;
  private final PrintStream out;

  private CompressCommand(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  static CommandSpec spec(Map<String, String> environment, PrintStream out) {
    CommandSpec spec = new CompressCommand(environment, out).spec;
    spec.mixinStandardHelpOptions(true);
    spec.usageMessage().description("Compresses a network and publishes the result.");
    Set<String> keys =
        ConfigFile.defaults().entries().stream()
            .map(ConfigFile.Entry::key)
            .collect(Collectors.toSet());
    ConfigOptions.addTo(spec, keys);
    Examples.addTo(
        spec,
        "pare compress vgg16.onnx --images photos/ --target params=3.0 --output vgg16-pared",
        "pare compress --config vgg16.conf --validation imagenet-val.parquet --if-exists overwrite",
        "pare compress --config vgg16.conf --target macs=2.0 --layers 'keep@classifier*'",
        "pare compress --zoo zoo.yaml --images photos/ --output pared");
    spec.addOption(
        OptionSpec.builder(RESULT_JSON)
            .paramLabel("PATH")
            .type(String.class)
            .description(
                "File that tells a program how the run ended: state, hashes and headline figures as JSON; a Hadoop path, written on failure too.")
            .build());
    ZooOption.addTo(
        spec, "Several models in place of --model, each published below the output under its name");
    spec.addOption(
        OptionSpec.builder(ESTIMATE)
            .arity("0")
            .type(boolean.class)
            .description(
                "Tells what the compression of the network would take, seconds by phase and memory, and ends.")
            .build());
    return spec;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    if (parsed.hasMatchedOption(ESTIMATE)) {
      // Makes nothing, so what an earlier run made stands, and its result file too.
      new CompressionJob(JobConfig.of(ConfigOptions.settings(parsed, environment)), out).estimate();
      return 0;
    }
    ResultFile result =
        new ResultFile(Optional.ofNullable(parsed.matchedOptionValue(RESULT_JSON, null)));
    result.clear();
    Optional<String> partial = Optional.empty();
    if (ZooOption.of(parsed).isPresent()) {
      RunResult zoo = result.telling(() -> new ZooJob(zoo(parsed), out).run());
      result.tell(zoo);
      partial = zoo.error();
    } else {
      JobConfig config =
          result.telling(() -> JobConfig.of(ConfigOptions.settings(parsed, environment)));
      String output = config.output().path();
      result.requireApart(output);
      result.published(result.telling(() -> new CompressionJob(config, out).run()), output);
    }
    if (partial.isPresent()) {
      throw InputException.partial(partial.get());
    }
    return 0;
  }

  private ZooPlan zoo(ParseResult parsed) {
    return ZooPlan.of(
        ZooOption.of(parsed).orElseThrow(),
        ZooOption.list(parsed).orElseThrow(),
        () -> ConfigOptions.settings(parsed, environment));
  }
}
