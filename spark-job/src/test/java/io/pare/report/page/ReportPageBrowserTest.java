package io.pare.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pare.report.RunReport;
import io.pare.report.SampleReports;
import io.pare.testing.Chromium;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser; pictures of it are left in target/report-page. */
class ReportPageBrowserTest {
  @TempDir private Path folder;

  private Chromium chromium;

  @BeforeEach
  void find() {
    Optional<Chromium> found = Chromium.find(folder);
    assumeTrue(found.isPresent(), "skipped: no chromium, neither on the PATH nor in /usr/bin");
    chromium = found.orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void thePageFitsAsksForNothingAndIsPictured(int width) throws Exception {
    Chromium.Layout layout = fits(SampleReports.full(), width);

    Path pictures = Files.createDirectories(Path.of("target", "report-page"));
    for (String scheme : new String[] {"light", "dark"}) {
      Path picture = pictures.resolve("report-%d-%s.png".formatted(width, scheme));
      Files.deleteIfExists(picture);
      chromium.picture(
          ReportPage.of(SampleReports.full()),
          picture,
          width + "," + layout.height(),
          scheme.equals("dark") ? new String[] {Chromium.DARK} : new String[0]);
      assertThat(picture).exists();
      assertThat(Files.size(picture)).isGreaterThan(50_000);
    }
  }

  @Test
  void namesOfAnyLengthAndContentDoNotWidenIt() throws Exception {
    fits(SampleReports.hostile(), 390);
    fits(SampleReports.longNames(), 390);
  }

  private Chromium.Layout fits(RunReport report, int width) throws Exception {
    Chromium.Layout layout = chromium.measure(ReportPage.of(report), width);

    assertThat(layout.window()).isEqualTo(width);
    assertThat(layout.width()).as("too wide: " + layout.tooWide()).isEqualTo(width);
    assertThat(layout.tooWide()).isEmpty();
    assertThat(layout.requests()).isZero();
    return layout;
  }
}
