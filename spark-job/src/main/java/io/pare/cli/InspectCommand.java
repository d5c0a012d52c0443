package io.pare.cli;

import io.pare.config.JobConfig;
import io.pare.config.Settings;
import io.pare.run.zoo.ZooList;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code pare inspect}: reads a network, or many, and starts no Spark application. */
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
    spec.usageMessage()
        .description("Lists the layers of a network and what each can become, or many networks.");
    ConfigOptions.addTo(spec, Set.of("model", "input-size", "inputs", "outputs", "trial-seconds"));
    ZooOption.addTo(spec, "Several models in place of --model, one line each");
    Examples.addTo(
        spec,
        "pare inspect vgg16.onnx",
        "pare inspect hdfs:///models/fcn.onnx --input-size 512x512",
        "pare inspect --zoo 'models/*.onnx'");
    return spec;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    Paint paint = Paint.of(Ansi.AUTO);
    Optional<ZooList> zoo = ZooOption.list(parsed);
    if (zoo.isPresent()) {
      new ZooInspection(zoo.get(), () -> ConfigOptions.settings(parsed, environment)).print(out);
    } else {
      Settings settings = ConfigOptions.settings(parsed, environment);
      Optional<JobConfig.Network> network = JobConfig.Network.of(settings);
      new Inspection(settings.finish(network::orElseThrow), paint).print(out);
    }
    return 0;
  }
}
