package io.pare.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pare.report.SampleReports;
import io.pare.report.SampleSweeps;
import io.pare.report.SampleZoos;
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
    pictured("report", ReportPage.of(SampleReports.full()), width);
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void thePageOfAZooFitsAsksForNothingAndIsPictured(int width) throws Exception {
    pictured("zoo-report", ZooPage.of(SampleZoos.full()), width);
    fits(ZooPage.of(SampleZoos.hostile()), width);
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void thePageOfASweepFitsAsksForNothingAndIsPictured(int width) throws Exception {
    pictured("sweep", SweepPage.of(SampleSweeps.full()), width);
    fits(SweepPage.of(SampleSweeps.hostile()), width);
  }

  @Test
  void whatDecidesIsOnFewScreensBeforeAnythingIsUnfolded() throws Exception {
    assertThat(fits(ReportPage.of(SampleReports.full()), 1280).height()).isLessThan(4000);
  }

  private void pictured(String name, String page, int width) throws Exception {
    Chromium.Layout layout = fits(page, width);
    Path pictures = Files.createDirectories(Path.of("target", "report-page"));
    for (String scheme : new String[] {"light", "dark"}) {
      Path picture = pictures.resolve("%s-%d-%s.png".formatted(name, width, scheme));
      Files.deleteIfExists(picture);
      chromium.picture(
          page,
          picture,
          width + "," + layout.height(),
          scheme.equals("dark") ? new String[] {Chromium.DARK} : new String[0]);
      assertThat(picture).exists();
      assertThat(Files.size(picture)).isGreaterThan(30_000);
    }
  }

  @Test
  void namesOfAnyLengthAndContentDoNotWidenIt() throws Exception {
    fits(ReportPage.of(SampleReports.hostile()), 390);
    fits(ReportPage.of(SampleReports.longNames()), 390);
  }

  private Chromium.Layout fits(String page, int width) throws Exception {
    Chromium.Layout layout = chromium.measure(page, width);

    assertThat(layout.window()).isEqualTo(width);
    assertThat(layout.width()).as("too wide: " + layout.tooWide()).isEqualTo(width);
    assertThat(layout.tooWide()).isEmpty();
    assertThat(layout.requests()).isZero();
    return layout;
  }
}
