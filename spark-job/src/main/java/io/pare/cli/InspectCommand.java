package io.pare.cli;

import io.pare.config.JobConfig;
import io.pare.config.Settings;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pare inspect}: reads a network and starts no Spark application. */
final class InspectCommand implements Callable<Integer> {
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final Map<String, String> environment;
  private final PrintStream out;

  private InspectCommand(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  static CommandSpec spec(Map<String, String> environment, PrintStream out) {
    CommandSpec spec = new InspectCommand(environment, out).spec;
    spec.mixinStandardHelpOptions(true);
    spec.usageMessage().description("Lists the layers of a network and what can be compressed.");
    ConfigOptions.addTo(spec, Set.of("model", "input-size", "inputs", "outputs", "trial-seconds"));
    Examples.addTo(
        spec,
        "pare inspect vgg16.onnx",
        "pare inspect hdfs:///models/fcn.onnx --input-size 512x512");
    return spec;
  }

  @Override
  public Integer call() {
    Settings settings = ConfigOptions.settings(spec.commandLine().getParseResult(), environment);
    Optional<JobConfig.Network> network = JobConfig.Network.of(settings);
    new Inspection(settings.finish(network::orElseThrow), Paint.of(Ansi.AUTO)).print(out);
    return 0;
  }
}
