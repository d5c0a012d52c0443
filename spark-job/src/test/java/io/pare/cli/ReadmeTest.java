package io.pare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.config.JobConfig;
import io.pare.io.HadoopFiles;
import io.pare.run.input.ConfigBeside;
import io.pare.testing.SparkSubmit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

/** The examples of the README run as far as to spark-submit, and the job takes their options. */
class ReadmeTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final String TIMM =
      "{\"pretrained_cfg\": {\"input_size\": [3, 224, 224], \"crop_pct\": 0.95,"
          + " \"interpolation\": \"bicubic\", \"mean\": [0.5, 0.5, 0.5],"
          + " \"std\": [0.5, 0.5, 0.5]}}";
  private static final String END = "=== end of one command";

  @TempDir private Path folder;

  @Test
  void everyExampleIsShellAndItsOptionsAreKnownToTheJob() throws Exception {
    List<String> commands = new ArrayList<>();
    for (String block : blocks("sh")) {
      // The build is what runs this test.
      String script = block.replace(".ci/run", "test -x .ci/run");
      for (String command : bash(script).split(END + "\n", -1)) {
        List<String> words = command.lines().toList();
        if (words.contains(jar())) {
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
    assertThat(commands)
        .containsExactly(
            "compress", "inspect", "compress", "pack", "inspect", "inspect", "inspect");
    assertThatThrownBy(() -> parse(List.of("inspect", "--modle", "m")))
        .isInstanceOf(UnmatchedArgumentException.class);
  }

  @Test
  void everyPreprocessingIsOne() throws IOException {
    List<String> texts =
        blocks("").stream()
            .filter(block -> block.startsWith("torchvision"))
            .flatMap(String::lines)
            .toList();

    assertThat(texts).hasSize(5);
    HadoopFiles files = new HadoopFiles(new Configuration());
    for (String config : List.of("config.json", "preprocessor_config.json")) {
      Files.writeString(folder.resolve(config), TIMM);
    }
    for (String text : texts) {
      JobConfig.Network network =
          new JobConfig.Network(
              folder.resolve("m.onnx").toString(),
              text.replace("hdfs:///models", folder.toString()),
              Optional.empty());
      int size = text.contains("64x64") ? 64 : 224;
      assertThat(ConfigBeside.preprocessing(network, size, size, files).canonical()).isNotBlank();
    }
  }

  private static List<String> blocks(String language) throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(SparkSubmit.repository().resolve("README.md")));
    while (block.find()) {
      if (block.group(1).equals(language)) {
        blocks.add(block.group(2));
      }
    }
    return blocks;
  }

  /** Parses a command line of the job, without running it. */
  private static void parse(List<String> words) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    Main.commandLine(nowhere, nowhere, Map.of()).parseArgs(words.toArray(new String[0]));
  }

  /** Runs a script in the root of the project, where spark-submit tells how it is called. */
  private String bash(String script) throws Exception {
    Path submit = folder.resolve("bin/spark-submit");
    Files.createDirectories(submit.getParent());
    Files.writeString(submit, "#!/bin/sh\nprintf '%s\\n' \"$@\" '" + END + "'\n");
    Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(Path.of(jar()), "");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-eu")
            .directory(SparkSubmit.repository().toFile())
            .redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", submit.getParent() + ":" + System.getenv("PATH"),
                "SPARK_HOME", folder.toString(),
                "PARE_JAR", jar(),
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

  private String jar() {
    return folder.resolve("job.jar").toString();
  }
}
