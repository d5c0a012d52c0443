package io.pare.cli;

import io.pare.PlainLine;
import io.pare.io.publish.IfExists;
import io.pare.io.publish.ResultPublisher;
import io.pare.run.input.HadoopSettings;
import io.pare.run.input.RunId;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code pare clean}: removes what ended runs have left; starts no Spark application. */
final class CleanCommand implements Callable<Integer> {
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final PrintStream out;

  private CleanCommand(PrintStream out) {
    this.out = out;
  }

  static CommandSpec spec(PrintStream out) {
    CommandSpec spec = new CleanCommand(out).spec;
    spec.mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(
            "Removes the folders .NAME.work that ended runs have left beside their outputs, with what they had finished. The folder of a run that shows signs of life stays, and what was published is not touched.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .arity("1..*")
            .paramLabel("OUTPUT")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .required(true)
            .description("Outputs as compress and sweep were given them: Hadoop paths.")
            .build());
    Examples.addTo(spec, "pare clean vgg16-pared", "pare clean hdfs:///models/vgg16-pared");
    return spec;
  }

  @Override
  public Integer call() {
    List<String> outputs = spec.commandLine().getParseResult().matchedPositionalValue(0, List.of());
    for (String output : outputs) {
      ResultPublisher.Run run = new ResultPublisher.Run(RunId.alone().text(), SILENCE);
      try (ResultPublisher publisher =
          new ResultPublisher(HadoopSettings.ofProcess(), output, IfExists.FAIL, run)) {
        String what = publisher.clean() ? "removed what runs had left" : "no run has left anything";
        out.println(what + " beside " + PlainLine.of(output));
      }
    }
    return 0;
  }
}
