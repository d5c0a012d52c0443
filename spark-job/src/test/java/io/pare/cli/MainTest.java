package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.FullDiskException;
import io.pare.InputException;
import io.pare.config.ConfigFile;
import io.pare.run.Failure;
import io.pare.testing.SparkSubmit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void helpListsTheCommandsAndEndsWell() {
    assertThat(run("--help")).isZero();
    assertThat(text(out)).contains("compress", "evaluate", "inspect");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void helpOfACommandDescribesEveryKeyWithItsDefault() {
    assertThat(run("compress", "--help")).isZero();

    String words = text(out).replaceAll("\\s+", " ");
    assertThat(ConfigFile.defaults().entries())
        .allSatisfy(
            entry -> {
              assertThat(words).contains("--" + entry.key() + "=VALUE", entry.comment());
              if (!entry.value().isEmpty()) {
                assertThat(words).contains("Default: " + entry.value());
              }
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"compress", "evaluate", "sweep", "inspect", "report", "diff", "completion"})
  void helpOfEveryCommandEndsWithExamplesThatItUnderstands(String command) {
    assertThat(run(command, "--help")).isZero();

    String help = text(out);
    assertThat(help).contains("\nExamples:\n  pare " + command + " ");
    Matcher option =
        Pattern.compile("--[a-z-]+").matcher(help.substring(help.indexOf("Examples:")));
    while (option.find()) {
      assertThat(help.substring(0, help.indexOf("Examples:"))).contains(option.group());
    }
  }

  @Test
  void theCompletionScriptKnowsCommandsAndOptionsAndIsAScript() throws Exception {
    assertThat(run("completion")).isZero();
    assertThat(text(out)).contains("complete -F _complete_pare", "'--result-json'", "'--target'");

    Process bash = new ProcessBuilder("bash", "-n").start();
    bash.getOutputStream().write(out.toByteArray());
    bash.getOutputStream().close();
    assertThat(bash.waitFor()).isZero();
  }

  @Test
  void anUnknownOptionEndsWithTwoAndNamesTheNearest() {
    assertThat(run("compress", "--modle", "x")).isEqualTo(2);
    assertThat(text(err))
        .isEqualTo("pare: error: Unknown option: '--modle', did you mean --model?\n");
  }

  @Test
  void noCommandEndsWithTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(text(err)).startsWith("pare: error: ").contains("pare --help");
  }

  @Test
  void missingKeysEndWithTwoInOneLine() {
    assertThat(run("compress")).isEqualTo(2);
    assertThat(text(err)).startsWith("pare: error: configuration: 3 problems: model is not set");
    assertThat(text(err).lines()).hasSize(1);
  }

  @Test
  void theVersionNamesTheCommitAndWhatItRunsOn() {
    assertThat(run("--version")).isZero();
    assertThat(text(out).lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("pare .+, commit (unknown|[0-9a-f]{7,}(, changed)?)"),
            line -> assertThat(line).matches("Spark 4\\.\\S+, Hadoop 3\\.\\S+, Java 17\\S+"),
            line -> assertThat(line).matches("ONNX Runtime 1\\.\\S+"),
            line -> assertThat(line).matches("BLAS .+; of MLlib .+"));
  }

  @Test
  void theKeysStandBelowTheirHeadingsInTheOrderOfTheFile() {
    assertThat(run("compress", "--help")).isZero();

    List<String> headings =
        ConfigFile.defaults().entries().stream().map(ConfigFile.Entry::heading).distinct().toList();
    assertThat(headings).hasSizeBetween(5, 15).doesNotContain("");
    assertThat(text(out).lines().filter(line -> headings.contains(line.replaceFirst(":$", ""))))
        .containsExactlyElementsOf(headings.stream().map(heading -> heading + ":").toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"compress", "evaluate", "inspect", "sweep"})
  void theNetworkMayStandWithoutTheNameOfItsOptionButNotTwice(String command) {
    List<String> more = command.equals("sweep") ? List.of("--targets", "params=2") : List.of();
    List<String> once = new ArrayList<>(List.of(command, folder.resolve("no.onnx").toString()));
    once.addAll(more);
    List<String> twice = new ArrayList<>(once);
    twice.addAll(List.of("--model", "other.onnx"));

    assertThat(run(once.toArray(String[]::new))).isNotZero();
    assertThat(text(err)).doesNotContain("model is not set");
    err.reset();
    assertThat(run(twice.toArray(String[]::new))).isEqualTo(2);
    assertThat(text(err)).contains("the network is given twice").contains("leave one out");
  }

  @Test
  void anEvaluationNeedsLabelledImages() {
    assertThat(run("evaluate", "--model", "m.onnx")).isEqualTo(2);
    assertThat(text(err)).startsWith("pare: error: configuration: validation is not set");
  }

  @Test
  void argumentsThatStartWithAnAtSignAreNotReadAsFiles() {
    assertThat(run("compress", "--model", "@models/m.onnx")).isEqualTo(2);
    assertThat(text(err)).contains("images is not set").doesNotContain("model is not set");
  }

  @ParameterizedTest
  @EnumSource(InputException.Kind.class)
  void anInputExceptionIsOneLineAndItsKindDecidesTheCode(InputException.Kind kind) {
    InputException failure =
        switch (kind) {
          case USAGE -> InputException.usage("what and where");
          case DATA -> InputException.data("what and where");
          case NOTHING -> InputException.nothing("what and where");
          case QUALITY -> InputException.quality("what and where");
          case PARTIAL -> InputException.partial("what and where");
        };

    assertThat(report(failure)).isEqualTo(kind.exitCode());
    assertThat(text(err)).isEqualTo("pare: error: what and where\n");
  }

  @Test
  void anInputExceptionIsFoundBehindSparksOwn() {
    Throwable task = new IllegalStateException(InputException.data("image 7 is truncated"));

    assertThat(report(new SparkException("Job aborted due to stage failure", task))).isEqualTo(3);
    assertThat(text(err)).isEqualTo("pare: error: image 7 is truncated\n");
  }

  @Test
  void anythingElseEndsWithOneAStackTraceAndAClearLastLine() {
    assertThat(report(new IllegalStateException("broken"))).isEqualTo(1);
    assertThat(text(err)).contains("\tat io.pare.cli.MainTest");
    assertThat(text(err).lines().reduce("", (first, second) -> second))
        .isEqualTo(
            "pare: error: internal error, the stack trace is above: "
                + "java.lang.IllegalStateException: broken");
  }

  @Test
  void anInternalErrorIsShownOnceAndItsLineIsShort() {
    String trace = "Job aborted: Lost task 0.0: io.X: y\n\tat io.X.y(X.java:7)\n".repeat(50);
    assertThat(report(new IllegalStateException("z".repeat(400) + trace))).isEqualTo(1);
    assertThat(report(new SparkException(trace))).isEqualTo(1);

    assertThat(text(err).lines().filter(line -> line.startsWith("pare: error: ")))
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(line).hasSizeLessThanOrEqualTo(300).doesNotContain("X.java:7"));
    assertThat(text(err).lines().filter(line -> line.contains("MainTest.anInternalError")))
        .hasSize(2);
  }

  @Test
  void aFullDiskIsOneLineThatNamesTheExecutorAndNoStackTrace() {
    String lost =
        "Job aborted due to stage failure: Task 1 in stage 3.0 failed 4 times, most recent failure:"
            + " Lost task 1.3 in stage 3.0 (TID 25) (10.0.0.7 executor 12): java.io.IOException: No"
            + " space left on device\n\tat io.X.y(X.java:7)\n";
    IOException cause = new IOException("No space left on device");

    assertThat(report(new SparkException(lost, cause))).isEqualTo(1);

    assertThat(text(err))
        .isEqualTo(
            "pare: error: no space is left on a local disk of executor 12 on 10.0.0.7"
                + " (spark.local.dir, or the folders that the cluster gives it): No space left on"
                + " device; free some, or set spark.local.dir to a larger disk\n");
  }

  @Test
  void aQuotaIsToldLikeAFullDisk() {
    IOException over =
        new IOException("x: The DiskSpace quota of /models is exceeded: quota = 1 MB but 2 MB");

    assertThat(report(FullDiskException.of("hdfs://nn/models/out", over).orElseThrow()))
        .isEqualTo(1);

    assertThat(text(err))
        .isEqualTo(
            "pare: error: no space is left for hdfs://nn/models/out: The DiskSpace quota of /models"
                + " is exceeded: quota = 1 MB but 2 MB; free some, or name another place\n");
  }

  @Test
  void theLogEscapesWhatATerminalWouldObey() throws IOException {
    Properties log = new Properties();
    try (Reader file =
        Files.newBufferedReader(SparkSubmit.repository().resolve("conf/log4j2.properties"))) {
      log.load(file);
    }
    PatternLayout layout =
        PatternLayout.newBuilder()
            .withPattern(log.getProperty("appender.stderr.layout.pattern"))
            .build();
    String name = "a\nb\u001b]0;title\u0007\u202ec";

    String line =
        layout.toSerializable(
            Log4jLogEvent.newBuilder()
                .setLoggerName("io.pare.X")
                .setLevel(Level.INFO)
                .setMessage(new SimpleMessage("layer " + name + " é"))
                .build());

    assertThat(line).endsWith("layer a\\nb?]0;title??c é" + System.lineSeparator());
  }

  @Test
  void controlCharactersOfAMessageAreEscaped() {
    report(InputException.data("layer a\nb\u001b[31m\u202ec\u2028d \u00e9\ud83d\ude00"));

    assertThat(text(err))
        .isEqualTo("pare: error: layer a\\u000ab\\u001b[31m\\u202ec\\u2028d \u00e9\ud83d\ude00\n");
  }

  private int run(String... args) {
    return Main.run(args, stream(out), stream(err));
  }

  private int report(Throwable failure) {
    return Failure.report(failure, stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
