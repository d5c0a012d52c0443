package io.pare.cli;

import io.pare.config.DiffConfig;
import io.pare.config.Settings;
import io.pare.run.input.ReadNetwork;
import java.io.PrintStream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code pare diff}: two networks side by side; starts no Spark application. */
final class DiffCommand implements Callable<Integer> {
  private static final String IMAGES = "--images";
  private static final Set<String> KEYS =
      Set.of(
          "preprocessing",
          "input-size",
          "inputs",
          "outputs",
          "trial-seconds",
          "pixel-limit",
          "threads");

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final Map<String, String> environment;
  private final PrintStream out;

  private DiffCommand(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  static CommandSpec spec(Map<String, String> environment, PrintStream out) {
    CommandSpec spec = new DiffCommand(environment, out).spec;
    spec.mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(
            "Compares two networks: layers, weights, MACs, bytes, and with --images their outputs.");
    spec.addPositional(network("0", "A.onnx", "The network to compare with: a Hadoop path."));
    spec.addPositional(network("1", "B.onnx", "The other network: a Hadoop path."));
    spec.addOption(
        OptionSpec.builder(IMAGES)
            .paramLabel("DATA")
            .type(String.class)
            .description("Images to compare the outputs on, in this process: a Hadoop path.")
            .build());
    ConfigOptions.addTo(spec, KEYS);
    Examples.addTo(
        spec,
        "pare diff vgg16.onnx vgg16-pared/model.onnx",
        "pare diff vgg16.onnx vgg16-pared/model.onnx --images photos/ --preprocessing torchvision");
    return spec;
  }

  private static PositionalParamSpec network(String index, String label, String description) {
    return PositionalParamSpec.builder()
        .index(index)
        .paramLabel(label)
        .type(String.class)
        .required(true)
        .description(description)
        .build();
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    Settings settings =
        ConfigOptions.settings(parsed, environment)
            .with("model", parsed.matchedPositionalValue(0, ""))
            .with("images", parsed.matchedOptionValue(IMAGES, ""));
    DiffConfig config = DiffConfig.of(settings, parsed.matchedPositionalValue(1, ""));
    ReadNetwork first = ReadNetwork.of(config.network());
    ReadNetwork second = ReadNetwork.of(config.secondNetwork());
    new NetworkDiff(first, second).lines().forEach(out::println);
    if (config.images().isPresent()) {
      OutputDifference.lines(config, first, second).forEach(out::println);
    }
    return 0;
  }
}
