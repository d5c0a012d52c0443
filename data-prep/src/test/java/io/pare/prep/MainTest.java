package io.pare.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the command line answers before any work starts. */
class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void tellsAWrongCommandInOneLine() {
    assertThat(run("pack", "images")).isEqualTo(2);
    assertThat(lastError())
        .isEqualTo(
            "pare-prep: error: Missing required option: '--output=DIR'; see pare-prep pack"
                + " --help\n");
  }

  @Test
  void theExampleOfTheReadmeHasOptionsThatAreKnown() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    Matcher example = Pattern.compile("\npare (pack [^`]*)\n```").matcher(readme);
    assertThat(example.find()).isTrue();

    // Options that are known come as far as to a value that makes no sense.
    assertThat(run((example.group(1) + " --images-per-shard 0").split("[\\s\\\\]+"))).isEqualTo(2);
    assertThat(lastError()).contains("--images-per-shard = 0: give 1 to 1000000 images");
  }

  @Test
  void refusesValuesThatMakeNoSense() {
    assertThat(run("pack", "images", "--output", "x", "--split", "../train")).isEqualTo(2);
    assertThat(lastError())
        .isEqualTo(
            "pare-prep: error: --split = ../train: a split is named by 1 to 64 letters, digits or"
                + " underscores\n");
    assertThat(run("pack", "images", "--output", "x", "--images-per-shard", "0")).isEqualTo(2);
    assertThat(lastError())
        .isEqualTo("pare-prep: error: --images-per-shard = 0: give 1 to 1000000 images\n");
    assertThat(run("pack", "images", "--output", "x", "--shorter-side", "0")).isEqualTo(2);
    assertThat(lastError())
        .isEqualTo("pare-prep: error: --shorter-side = 0: give at least 1 pixel\n");
  }

  @Test
  void neverLetsANameBreakTheLine() {
    assertThat(run("pack", "images", "--output", "x", "--split", "a\nb\u001b[31m")).isEqualTo(2);
    assertThat(lastError())
        .startsWith("pare-prep: error: --split = a\\u000ab\\u001b[31m: ")
        .hasLineCount(1);
  }

  @Test
  void showsItsHelp() {
    assertThat(run("pack", "--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("SOURCE", "--ground-truth=FILE");
    assertThat(run()).isEqualTo(2);
  }

  private int run(String... args) {
    err.reset();
    return Main.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String lastError() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
