package io.pare.cli;

import io.pare.InputException;
import io.pare.config.ConfigFile;
import io.pare.config.JobConfig;
import io.pare.plan.Goal;
import io.pare.plan.Target;
import io.pare.run.SweepJob;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code pare sweep}: the keys of a compression, with several budgets in place of its target. */
final class SweepCommand implements Callable<Integer> {
  private static final String TARGETS = "--targets";
  private static final String AT_ONCE = "--at-once";

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final Map<String, String> environment;
  private final PrintStream out;

  private SweepCommand(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  static CommandSpec spec(Map<String, String> environment, PrintStream out) {
    CommandSpec spec = new SweepCommand(environment, out).spec;
    spec.mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(
            "Compares methods at several budgets on the same images and publishes the table.");
    spec.addOption(
        OptionSpec.builder(TARGETS)
            .paramLabel("TARGET,...")
            .type(String.class)
            .required(true)
            .description("Budgets joined by commas, each METRIC=FACTOR, such as params=2.0.")
            .build());
    spec.addOption(
        OptionSpec.builder(AT_ONCE)
            .paramLabel("N")
            .type(Integer.class)
            .defaultValue("2")
            .description("Networks that are worked on at the same time. Default: 2")
            .build());
    Set<String> keys = new HashSet<>();
    ConfigFile.defaults().entries().forEach(entry -> keys.add(entry.key()));
    keys.removeAll(Set.of("target", "zoo-at-once", "zoo-attempts"));
    ConfigOptions.addTo(spec, keys);
    Examples.addTo(
        spec,
        "pare sweep vgg16.onnx --images photos/ --validation val/ --targets params=2.0,params=4.0 --output swept",
        "pare sweep --config vgg16.conf --targets macs=2.0 --compare all");
    return spec;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    JobConfig config = JobConfig.of(ConfigOptions.settings(parsed, environment));
    int atOnce = parsed.matchedOptionValue(AT_ONCE, 2);
    if (atOnce < 1) {
      throw InputException.usage("--at-once = " + atOnce + ": must be at least 1");
    }
    List<Target> targets = targets(parsed.matchedOptionValue(TARGETS, ""));
    new SweepJob(config, targets, atOnce, out).run();
    return 0;
  }

  private static List<Target> targets(String text) {
    List<Target> targets = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      try {
        Goal goal = Goal.parse(part);
        if (goal.targets().isEmpty()) {
          throw new IllegalArgumentException("must be budgets");
        }
        targets.addAll(goal.targets());
      } catch (IllegalArgumentException e) {
        throw InputException.usage("--targets = " + text + ": " + e.getMessage());
      }
    }
    return targets;
  }
}
