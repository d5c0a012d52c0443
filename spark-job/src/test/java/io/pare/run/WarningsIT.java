package io.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pare.io.block.EncodedImage;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.report.RunResult;
import io.pare.testing.ImageFiles;
import io.pare.testing.Sample;
import io.pare.testing.SparkTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A run of which a user should know more than its figures: everywhere it is told. */
class WarningsIT {
  @RegisterExtension static final SparkTest SPARK = new SparkTest();

  private static final String[] EXPECTED = {
    "preprocessing-guessed", "bad-images", "images-skipped", "few-samples", "latency-under-load"
  };

  @TempDir private Path folder;

  @Test
  void aRunThatGuessesOnFewOddImagesOfABusyMachineSaysSoEverywhere() throws IOException {
    GoalJobs jobs = new GoalJobs(folder);
    Map<String, String> keys = jobs.keys("odd", GoalJobs.plain(), "params=1.3");
    keys.put("images", archive().toString());
    keys.remove("preprocessing");
    keys.put("max-bad-images", "0.05");
    keys.put("forms", "low-rank-channel");
    List<Process> others = new ArrayList<>();
    String printed;
    try {
      for (int k = 0; k < 2 * Runtime.getRuntime().availableProcessors(); k++) {
        others.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
      }
      printed = GoalJobs.compress(SPARK.context(), keys);
    } finally {
      others.forEach(Process::destroyForcibly);
    }

    JsonNode warnings = jobs.report("odd").at("/warnings");
    assertThat(warnings.findValuesAsText("code")).contains(EXPECTED);
    for (JsonNode warning : warnings) {
      assertThat(warning.at("/text").asText()).isNotBlank();
      assertThat(warning.at("/place").asText()).isNotBlank();
    }
    assertThat(warnings.findValuesAsText("text"))
        .anyMatch(text -> text.startsWith("2 images of the archive are links or other special"))
        .anyMatch(text -> text.startsWith("1 of 60 images are bad and left out, the first is"));
    assertThat(Files.readString(jobs.output("odd").resolve("report.html"))).contains(EXPECTED);
    String told =
        ResultFile.readBack(
                RunResult.Status.DONE, jobs.output("odd").toString(), ResultFile.files())
            .json();
    assertThat(new ObjectMapper().readTree(told).at("/warnings").findValuesAsText("code"))
        .contains(EXPECTED);
    assertThat(printed.lines().toList().get((int) printed.lines().count() - 1))
        .contains(" warnings (")
        .contains(EXPECTED);
  }

  /** Images of the sample, one of which is cut off, and two links to one of them. */
  private Path archive() throws IOException {
    Configuration configuration = new Configuration();
    List<EncodedImage> images =
        ImageFiles.read(
                ImageSource.open(
                    Sample.file("calibration.parquet"), SourceOptions.defaults(), configuration),
                configuration)
            .subList(0, 60);
    Path file = folder.resolve("images.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      for (int k = 0; k < images.size(); k++) {
        byte[] bytes = k == 7 ? "none".getBytes(StandardCharsets.US_ASCII) : images.get(k).bytes();
        TarArchiveEntry entry = new TarArchiveEntry("%02d.png".formatted(k));
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
      for (byte kind : new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK}) {
        TarArchiveEntry link = new TarArchiveEntry("link" + (char) kind + ".png", kind);
        link.setLinkName("00.png");
        tar.putArchiveEntry(link);
        tar.closeArchiveEntry();
      }
    }
    return file;
  }
}
