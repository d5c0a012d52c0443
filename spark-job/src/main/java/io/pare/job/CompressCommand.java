package io.pare.job;

import java.io.PrintStream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pare compress}: all keys are options. */
final class CompressCommand implements Callable<Integer> {
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
        "pare compress --model vgg16.onnx --images photos/ --target params=3.0 --output vgg16-pared",
        "pare compress --config vgg16.conf --validation imagenet-val.parquet --if-exists overwrite",
        "pare compress --config vgg16.conf --target macs=2.0 --layers 'keep@classifier*'");
    return spec;
  }

  @Override
  public Integer call() {
    Settings settings = ConfigOptions.settings(spec.commandLine().getParseResult(), environment);
    new CompressionJob(JobConfig.of(settings), out).run();
    return 0;
  }
}
