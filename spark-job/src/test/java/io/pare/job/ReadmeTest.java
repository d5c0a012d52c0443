package io.pare.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.UnmatchedArgumentException;

/** The examples of the README run as far as to spark-submit, and the job takes their options. */
class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final String END = "=== end of one command";

  @TempDir private Path folder;

  @Test
  void everyExampleIsShellAndItsOptionsAreKnownToTheJob() throws Exception {
    int submitted = 0;
    for (String block : blocks()) {
      assertThat(bash(List.of("-n"), block)).as(block).isEmpty();
      if (block.contains("submit-scripts/pare-")) {
        for (String command : bash(List.of("-eu"), block).split(END + "\n", -1)) {
          List<String> words = command.lines().toList();
          if (!words.isEmpty()) {
            parse(words.subList(words.indexOf(jar()) + 1, words.size()));
            submitted++;
          }
        }
      }
    }
    assertThat(submitted).isGreaterThanOrEqualTo(5);
    assertThatThrownBy(() -> parse(List.of("inspect", "--modle", "m")))
        .isInstanceOf(UnmatchedArgumentException.class);
  }

  private static List<String> blocks() throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(SparkSubmit.repository().resolve("README.md")));
    while (block.find()) {
      blocks.add(block.group(1));
    }
    return blocks;
  }

  /** Parses a command line of the job, without running it. */
  private static void parse(List<String> words) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    Main.commandLine(nowhere, nowhere, Map.of()).parseArgs(words.toArray(new String[0]));
  }

  /** Runs a script in the root of the project, where spark-submit tells how it is called. */
  private String bash(List<String> options, String script) throws Exception {
    Path submit = folder.resolve("bin/spark-submit");
    Files.createDirectories(submit.getParent());
    Files.writeString(submit, "#!/bin/sh\nprintf '%s\\n' \"$@\" '" + END + "'\n");
    Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(Path.of(jar()), "");
    List<String> command = new ArrayList<>(List.of("bash"));
    command.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(SparkSubmit.repository().toFile())
            .redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
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
