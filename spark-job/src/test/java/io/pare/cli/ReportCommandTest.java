package io.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.report.SampleReports;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aReportIsRenderedFromItsJson() throws IOException {
    Path json = Files.writeString(folder.resolve("report.json"), SampleReports.full().json());
    Path page = folder.resolve("page.html");

    assertThat(run("report", json.toString(), "--output", page.toString())).isZero();
    assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").contains("squeezenet1.1.onnx");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("wrote " + page + "\n");
  }

  @Test
  void whatIsNoReportEndsWithThreeInOneLine() throws IOException {
    Path json = Files.writeString(folder.resolve("manifest.json"), "{\"files\": {}}");

    assertThat(run("report", json.toString(), "--output", folder + "/page.html")).isEqualTo(3);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("pare: error: " + json + " is not the report.json of a compression: ")
        .hasLineCount(1);
    assertThat(folder.resolve("page.html")).doesNotExist();
  }

  @Test
  void aMissingReportEndsWithThreeAndNoReportWithTwo() {
    assertThat(run("report", folder + "/none.json")).isEqualTo(3);
    assertThat(run("report")).isEqualTo(2);
  }

  private int run(String... arguments) {
    return Main.run(arguments, stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
