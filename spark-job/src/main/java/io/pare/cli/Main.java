package io.pare.cli;

import io.pare.run.Failure;
import io.pare.run.input.Version;
import io.pare.run.progress.Processor;
import io.pare.run.progress.ProgressLine;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The entry of the program.
 *
 * <p>Exit codes: 0 done, 1 internal error, 2 wrong options or configuration, 3 invalid network or
 * data set, 4 a quality gate was not passed, 5 some models of a zoo failed.
 */
public final class Main {

  private Main() {}

  /** Runs one command. */
  public static void main(String[] args) {
    ProcessExit.onSignals();
    ProgressLine.start();
    int code = run(args, System.out, System.err);
    if (code != 0) {
      ProcessExit.with(code);
    }
    // A successful run returns: YARN in cluster mode reports System.exit(0) as a failure.
  }

  /**
   * Runs one command with streams of the caller's.
   *
   * @return the exit code
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      Processor.require();
      return commandLine(out, err, System.getenv()).execute(args);
    } catch (Throwable e) {
      return Failure.report(e, err);
    }
  }

  /** All commands with their options, which can also parse without running anything. */
  static CommandLine commandLine(
      PrintStream out, PrintStream err, Map<String, String> environment) {
    CommandSpec root =
        CommandSpec.create()
            .name("pare")
            .mixinStandardHelpOptions(true)
            .versionProvider(Main::version)
            .addSubcommand("compress", CompressCommand.spec(environment, out))
            .addSubcommand("evaluate", EvaluateCommand.spec(environment, out))
            .addSubcommand("sweep", SweepCommand.spec(environment, out))
            .addSubcommand("inspect", InspectCommand.spec(environment, out))
            .addSubcommand("report", ReportCommand.spec(out))
            .addSubcommand("clean", CleanCommand.spec(out))
            .addSubcommand("diff", DiffCommand.spec(environment, out))
            .addSubcommand("completion", CompletionCommand.spec(out));
    root.usageMessage()
        .description("Compresses convolutional networks on Spark: ONNX in, smaller ONNX out.")
        .footer(
            "",
            "COMMAND --help lists the options of a command, with examples.",
            "",
            "Examples:",
            "  pare inspect vgg16.onnx",
            "  pare compress vgg16.onnx --images photos/ --target params=3.0 --output vgg16-pared");
    return new CommandLine(root)
        .setExpandAtFiles(false)
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler((e, unused) -> reportUsage(e, err))
        .setExecutionExceptionHandler((e, command, parsed) -> Failure.report(e, err));
  }

  private static int reportUsage(ParameterException e, PrintStream err) {
    String remedy = "; see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      remedy = ", did you mean " + unmatched.getSuggestions().get(0) + "?";
    }
    Failure.printLine(e.getMessage() + remedy, err);
    return Failure.USAGE;
  }

  private static String[] version() {
    Map<String, String> platform = Version.platform();
    return new String[] {
      "pare %s, commit %s".formatted(Version.text(), Version.commit()),
      "Spark %s, Hadoop %s, Java %s"
          .formatted(platform.get("spark"), platform.get("hadoop"), platform.get("java")),
      "ONNX Runtime %s".formatted(platform.get("onnx-runtime")),
      "BLAS %s; of MLlib %s".formatted(platform.get("blas"), platform.get("mllib-blas"))
    };
  }
}
