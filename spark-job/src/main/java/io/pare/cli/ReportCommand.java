package io.pare.cli;

import io.pare.InputException;
import io.pare.PlainLine;
import io.pare.io.HadoopFiles;
import io.pare.io.publish.ResultPlaces;
import io.pare.report.RunReport;
import io.pare.report.page.ReportPage;
import io.pare.run.input.HadoopSettings;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code pare report}: the page of a report.json; starts no Spark application. */
final class ReportCommand implements Callable<Integer> {
  private static final String OUTPUT = "--output";
  private static final int LARGEST_REPORT = 1 << 28;

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final PrintStream out;

  private ReportCommand(PrintStream out) {
    this.out = out;
  }

  static CommandSpec spec(PrintStream out) {
    CommandSpec spec = new ReportCommand(out).spec;
    spec.mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(
            "Renders the report.json of a compression as one HTML page that needs no other file.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .paramLabel("FILE.json")
            .type(String.class)
            .required(true)
            .description("The report.json of a published result: a Hadoop path.")
            .build());
    spec.addOption(
        OptionSpec.builder(OUTPUT)
            .paramLabel("FILE.html")
            .type(String.class)
            .description("File to write: a Hadoop path. Default: report.html in the current folder")
            .defaultValue("report.html")
            .build());
    Examples.addTo(
        spec,
        "pare report out/report.json",
        "pare report hdfs:///models/vgg16-pared/report.json --output vgg16.html");
    return spec;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    String json = parsed.matchedPositionalValue(0, "");
    Configuration configuration = HadoopSettings.ofProcess();
    HadoopFiles files = new HadoopFiles(configuration);
    String page = ReportPage.of(read(json, files));
    String output = parsed.matchedOptionValue(OUTPUT, "report.html");
    new ResultPlaces(configuration).requireOutsideResults(OUTPUT, output);
    files.requireWritable(OUTPUT, output);
    files.write(output, page.getBytes(StandardCharsets.UTF_8));
    out.println("wrote " + PlainLine.of(output));
    return 0;
  }

  private static RunReport read(String path, HadoopFiles files) {
    String text = new String(files.readAll(path, LARGEST_REPORT), StandardCharsets.UTF_8);
    try {
      return RunReport.of(text);
    } catch (IllegalArgumentException e) {
      throw InputException.data(
          path + " is not the report.json of a compression: " + e.getMessage());
    }
  }
}
