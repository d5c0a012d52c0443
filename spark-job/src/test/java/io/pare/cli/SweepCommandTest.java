package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a sweep refuses before it looks at any file. */
class SweepCommandTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "params=half        | --targets = params=half: params must be a number",
        "params=2.0,weights=2 | --targets = params=2.0,weights=2: each part must be METRIC=FACTOR",
        "params=0.5         | --targets = params=0.5: params must be a finite factor of at least 1",
        "max-kl=0.1         | --targets = max-kl=0.1: must be budgets",
        "params=2.0,        | --targets = params=2.0,: must be METRIC=FACTOR parts",
      })
  void wrongBudgetsEndWithTwo(String targets, String message) {
    assertThat(run("--targets", targets)).isEqualTo(2);
    assertThat(line()).contains(message);
  }

  @Test
  void budgetsAreRequired() {
    assertThat(run()).isEqualTo(2);
    assertThat(line()).contains("--targets");
  }

  @Test
  void aSweepHasNoTargetOfItsOwn() {
    assertThat(run("--targets", "params=2.0", "--target", "params=3.0")).isEqualTo(2);
    assertThat(line()).contains("--target");
  }

  @Test
  void atLeastOneNetworkIsWorkedOn() {
    assertThat(run("--targets", "params=2.0", "--at-once", "0")).isEqualTo(2);
    assertThat(line()).contains("--at-once = 0: must be at least 1");
  }

  private int run(String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("sweep", "--model", "m", "--images", "i", "--output", "o"));
    arguments.addAll(List.of(options));
    return Main.run(
        arguments.toArray(String[]::new),
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String line() {
    List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).startsWith("pare: error: ");
    return lines.get(0);
  }
}
