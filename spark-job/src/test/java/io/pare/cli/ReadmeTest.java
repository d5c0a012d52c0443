package io.pare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.config.FixedInputs;
import io.pare.config.JobConfig;
import io.pare.io.HadoopFiles;
import io.pare.model.InputShape;
import io.pare.model.OnnxNetwork;
import io.pare.model.output.OutputRules;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import io.pare.run.GoalJobs;
import io.pare.run.input.ChosenPreprocessing;
import io.pare.testing.MarkdownPage;
import io.pare.testing.SparkSubmit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The examples of the README and the other pages run as far as to spark-submit or Maven, and the
 * job takes their options.
 */
class ReadmeTest {
  private static final Pattern PROFILE = Pattern.compile("-P(\\S+)");
  private static final String TIMM =
      "{\"pretrained_cfg\": {\"input_size\": [3, 224, 224], \"crop_pct\": 0.95,"
          + " \"interpolation\": \"bicubic\", \"mean\": [0.5, 0.5, 0.5],"
          + " \"std\": [0.5, 0.5, 0.5]}}";
  private static final String END = "=== end of one command";
  private static final String PAGES = "spark-job/src/site/markdown/";

  @TempDir private Path folder;

  @Test
  void everyExampleIsShellAndItsOptionsAreKnownToTheJob() throws Exception {
    assertThat(commands("README.md"))
        .containsExactly(
            "compress",
            "mvn",
            "mvn",
            "pip",
            "--version",
            "inspect",
            "inspect",
            "evaluate",
            "compress",
            "compress",
            "pack");
    assertThat(commands("CONTRIBUTING.md")).isNotEmpty().containsOnly("mvn");
    assertThat(commands(PAGES + "operations.md"))
        .containsExactly("inspect", "inspect", "inspect", "compress");
    assertThat(commands(PAGES + "architecture.md")).isEmpty();
    assertThat(commands(PAGES + "algorithm.md")).isEmpty();
    assertThatThrownBy(() -> parse(List.of("inspect", "--modle", "m")))
        .isInstanceOf(UnmatchedArgumentException.class);
  }

  /** What the examples of a page call, in their order. */
  private List<String> commands(String page) throws Exception {
    String build = Files.readString(SparkSubmit.repository().resolve("pom.xml"));
    List<String> commands = new ArrayList<>();
    for (String script : blocks(page, "sh")) {
      for (String command : bash(script).split(END + "\n", -1)) {
        List<String> words = command.lines().toList();
        if (words.contains("mvn")) {
          Matcher profile = PROFILE.matcher(command);
          while (profile.find()) {
            assertThat(build).contains("<id>" + profile.group(1) + "</id>");
          }
          commands.add("mvn");
        } else if (words.contains("pip")) {
          commands.add("pip");
        } else if (words.contains(jar())) {
          List<String> options = words.subList(words.indexOf(jar()) + 1, words.size());
          parse(options);
          commands.add(options.get(0));
        } else if (!words.isEmpty()) {
          // Its options are tested where its command is.
          assertThat(words).contains("io.pare.prep.Main", "pack");
          commands.add("pack");
        }
      }
    }
    return commands;
  }

  @Test
  void everyPreprocessingIsOne() throws IOException {
    List<String> texts =
        blocks("README.md", "").stream()
            .filter(block -> block.startsWith("torchvision"))
            .flatMap(String::lines)
            .toList();

    assertThat(texts).hasSize(6);
    HadoopFiles files = new HadoopFiles(new Configuration());
    OnnxNetwork plain = ModelReader.read("plain", GoalJobs.plain(), ExternalData.none());
    for (String config : List.of("config.json", "preprocessor_config.json")) {
      Files.writeString(folder.resolve(config), TIMM);
    }
    for (String text : texts) {
      JobConfig.Network network =
          new JobConfig.Network(
              folder.resolve("m.onnx").toString(),
              text.replace("hdfs:///models", folder.toString()),
              Optional.empty(),
              FixedInputs.NONE,
              OutputRules.NONE,
              Duration.ofMinutes(1));
      int size = text.contains("64x64") ? 64 : 224;
      InputShape input = new InputShape(3, size, size, InputShape.Layout.NCHW);
      assertThat(ChosenPreprocessing.of(network, plain, input, files).origin())
          .isEqualTo(ChosenPreprocessing.Origin.CONFIGURED);
    }
  }

  private static List<String> blocks(String page, String language) throws IOException {
    return MarkdownPage.read(SparkSubmit.repository().resolve(page)).blocks(language);
  }

  /** Parses a command line of the job, without running it. */
  private static void parse(List<String> words) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    Main.commandLine(nowhere, nowhere, Map.of()).parseArgs(words.toArray(new String[0]));
  }

  /** Runs a script in the root of the project, where spark-submit and Maven tell their call. */
  private String bash(String script) throws Exception {
    Path bin = folder.resolve("bin");
    Files.createDirectories(bin);
    tellsItsCall(bin.resolve("spark-submit"), "");
    tellsItsCall(bin.resolve("mvn"), "mvn");
    tellsItsCall(bin.resolve("pip"), "pip");
    Files.writeString(Path.of(jar()), "");
    Path scripts = SparkSubmit.repository().resolve("submit-scripts");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-eu")
            .directory(SparkSubmit.repository().toFile())
            .redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", bin + ":" + scripts + ":" + System.getenv("PATH"),
                "SPARK_HOME", folder.toString(),
                "PARE_JAR", jar(),
                "PARE_PREP_JAR", bin + "/mvn",
                "HADOOP_CONF_DIR", folder.toString()));
    Process process = builder.start();
    process
        .getOutputStream()
        .write(script.replace("/etc/hadoop/conf", folder.toString()).getBytes(UTF_8));
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static void tellsItsCall(Path command, String first) throws IOException {
    Files.writeString(command, "#!/bin/sh\nprintf '%s\\n' '" + first + "' \"$@\" '" + END + "'\n");
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
  }

  private String jar() {
    return folder.resolve("job.jar").toString();
  }
}
