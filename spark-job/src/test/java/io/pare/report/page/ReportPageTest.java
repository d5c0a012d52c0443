package io.pare.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.report.RunReport;
import io.pare.report.SampleReports;
import io.pare.report.figure.Scale;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportPageTest {
  private static final Pattern TAG = Pattern.compile("<(/?)([A-Za-z][A-Za-z0-9]*)([^>]*)>");

  @Test
  void theHeadlineHasEveryFigureBeforeAndAfter() {
    String page = ReportPage.of(SampleReports.full());

    assertThat(page)
        .contains("1,231,552", "821,003", "1.50×")
        .contains("349", "211", "4.96", "3.31", "18.4", "12.9", "batch of 1, 1 thread")
        .contains("191 of 300, 58.1", "157 of 300, 46.7", "Top-5", "260 of 300");
  }

  @Test
  void theVerdictSaysWhatWasGainedAndWhetherTheLossIsMoreThanChance() {
    assertThat(ReportPage.of(SampleReports.full()))
        .contains(
            "1.50× fewer weights, 1.43× faster; top-1 −11.3 points, more than chance. See the warning.")
        .contains("40 are right only before and 6 only after")
        .contains("McNemar");
    assertThat(ReportPage.of(SampleReports.bare())).contains("what it cost was not measured");
  }

  @Test
  void theLayersThatSaveMostStandFirstAndThoseThatStayAreNoRows() {
    String page = ReportPage.of(SampleReports.full());
    String rows =
        page.substring(page.indexOf("<div class=\"layers\">"), page.indexOf("id=\"layers-kept\""));

    assertThat(rows)
        .containsSubsequence("<code>fire20<", "<code>fire19<", "<code>fire21<", "<code>fire0<");
    assertThat(rows).doesNotContain("<code>fire3<").contains("13 more layers");
  }

  @Test
  void labelsOfAnAxisOfRatesDoNotRepeatHoweverCloseTheyAre() {
    for (double apart : new double[] {0.5, 0.1, 0.023, 0.011, 0.004, 0.0007}) {
      assertThat(Scale.percent(List.of(0.7, 0.7 + apart)).ticks())
          .extracting(Scale.Tick::label)
          .hasSizeGreaterThan(1)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void everySectionIsThereWhereTheRunMeasuredIt() {
    assertThat(headings(ReportPage.of(SampleReports.full())))
        .isEqualTo(
            "Warnings|Accuracy|Accuracy against size|Check and back-off|Learning the outputs again|Layers that compute on eight bits|Layers|Layers kept, and why|What each layer could become|How much an error hurts|Sums of the ADMM at equal cost|Convergence of the ADMM|What it was fitted to and measured on|Time by phase|How it was made|Effective configuration|");
    assertThat(headings(ReportPage.of(SampleReports.bare())))
        .isEqualTo("What it was fitted to and measured on|");
  }

  @Test
  void aReportFromAFileGivesTheSamePage() {
    RunReport report = SampleReports.full();

    assertThat(ReportPage.of(RunReport.of(report.json()))).isEqualTo(ReportPage.of(report));
  }

  @Test
  void hostileNamesAreTextAndNothingElse() {
    String plain = ReportPage.of(SampleReports.full());
    String page = ReportPage.of(SampleReports.hostile());

    assertThat(page).contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    assertThat(page).doesNotContainIgnoringCase("<script").doesNotContain("<img");
    assertThat(elements(page)).isEqualTo(elements(plain));
    assertThat(page).doesNotContainPattern("<[^>]*\\son[a-z]+=");
  }

  @Test
  void thePageAsksForNothingAndRunsNothing() {
    String page = ReportPage.of(SampleReports.full());

    assertThat(page)
        .doesNotContainIgnoringCase("<script")
        .doesNotContainPattern("(src|srcset|action)=")
        .doesNotContainPattern("href=\"[^#]")
        .doesNotContain("url(")
        .doesNotContain("@import")
        .contains("default-src &#39;none&#39;");
  }

  @Test
  void everyElementIsClosedWhereItShouldBe() {
    ArrayDeque<String> open = new ArrayDeque<>();
    Matcher tag = TAG.matcher(ReportPage.of(SampleReports.hostile()));
    while (tag.find()) {
      if (tag.group(2).equals("meta")) {
        continue;
      }
      if (tag.group(1).isEmpty()) {
        open.push(tag.group(2));
      } else {
        assertThat(tag.group(2)).isEqualTo(open.pop());
      }
    }
    assertThat(open).isEmpty();
  }

  private static String headings(String page) {
    StringBuilder headings = new StringBuilder();
    Matcher heading = Pattern.compile("<h2>([^<]*)</h2>").matcher(page);
    while (heading.find()) {
      headings.append(heading.group(1)).append('|');
    }
    return headings.toString();
  }

  /** The kinds of elements that occur. */
  private static Set<String> elements(String page) {
    Set<String> names = new TreeSet<>();
    Matcher tag = TAG.matcher(page);
    while (tag.find()) {
      names.add(tag.group(2));
    }
    return names;
  }
}
