package io.pare;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.MarkdownPage;
import io.pare.testing.SparkSubmit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What code and pages cite is there: sections of algorithm.md, files, headings. */
class CitationTest {
  private static final String PAGE = "algorithm.md";

  /** A line's end with what a comment puts in front of the next line. */
  private static final Pattern LINE_BREAK =
      Pattern.compile("\\s*\\R[ \\t]*(?:\\*(?!/)|//)?[ \\t]*");

  private static final Pattern CITATION =
      Pattern.compile(
          "algorithm\\.md[`}]?,? sections? (\\d+(?:(?:, and |, | and | to )\\d+)*)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NUMBER = Pattern.compile("(to )?(\\d+)");
  private static final Pattern NUMBERED = Pattern.compile("(\\d+)\\. .*");

  @TempDir private Path folder;

  @Test
  void everySectionThatTheCodeCitesIsThere() throws IOException {
    Set<Integer> there =
        sectionsOf(
            MarkdownPage.read(
                SparkSubmit.repository().resolve("spark-job/src/site/markdown").resolve(PAGE)));

    Map<Integer, List<String>> cited = new TreeMap<>();
    for (Path source : sources()) {
      for (int section : cited(Files.readString(source))) {
        cited
            .computeIfAbsent(section, unused -> new ArrayList<>())
            .add(source.getFileName().toString());
      }
    }

    assertThat(cited).as("the code cites some").containsKeys(1, 2, 3, 4, 5, 6);
    assertThat(there).containsAll(cited.keySet());
  }

  @Test
  void citationsAreFoundHoweverTheyAreWritten() {
    assertThat(cited("/** One (%s section 4). */".formatted(PAGE))).containsExactly(4);
    assertThat(cited("/** Two,\n * (%s, section\n   * 2): so */".formatted(PAGE)))
        .containsExactly(2);
    assertThat(cited("// see %s\n    // sections 2 and 4, and 7".formatted(PAGE)))
        .containsExactly(2, 4, 7);
    assertThat(cited("/** {@code %s} sections 1, 3 and 12. */".formatted(PAGE)))
        .containsExactly(1, 3, 12);
    assertThat(cited("/** %s sections 2 to 5 */".formatted(PAGE))).containsExactly(2, 3, 4, 5);
    assertThat(cited("/** Boyd et al. 2011, section 3.3; %s says more */".formatted(PAGE)))
        .isEmpty();
  }

  @Test
  void aHeadingInCodeIsNone() {
    MarkdownPage page =
        new MarkdownPage(
            folder.resolve("page.md"),
            "# Page\n\n## 1. One\n\n```\n## 2. Two\n```\n\n### 3. Three\n");

    assertThat(sectionsOf(page)).containsExactlyInAnyOrder(1, 3);
  }

  @Test
  void everyLinkOfEveryPageLeadsSomewhere() throws IOException {
    List<MarkdownPage> pages = MarkdownPage.below(SparkSubmit.repository());

    assertThat(pages)
        .extracting(page -> page.file().getFileName().toString())
        .contains("README.md", "CONTRIBUTING.md", "CHANGELOG.md", PAGE);
    for (MarkdownPage page : pages) {
      assertThat(page.brokenLinks()).as("links of %s", page.file()).isEmpty();
    }
  }

  @Test
  void aLinkToNothingIsFound() throws IOException {
    Files.writeString(folder.resolve("other.md"), "# Other\n\n## What, and why?\n");
    MarkdownPage page =
        new MarkdownPage(
            folder.resolve("page.md"),
            """
            # Page
            ## Twice
            ## Twice
            [a](other.md) [b](other.md#what-and-why) [c](#twice-1) [d](https://example.org/x)
            [e](missing.md) [f](other.md#how) ![g](missing.png) [h](#thrice)
            `[i](not a link)` and `[j](code.md)`

            ```
            [k](code.md)
            ```
            """);

    assertThat(page.brokenLinks())
        .containsExactly("missing.md", "other.md#how", "missing.png", "#thrice");
  }

  /** The sections that a source cites, in the order of its text. */
  private static List<Integer> cited(String source) {
    List<Integer> sections = new ArrayList<>();
    Matcher citation = CITATION.matcher(LINE_BREAK.matcher(source).replaceAll(" "));
    while (citation.find()) {
      int before = 0;
      Matcher number = NUMBER.matcher(citation.group(1));
      while (number.find()) {
        int section = Integer.parseInt(number.group(2));
        int first = number.group(1) == null ? section : before + 1;
        IntStream.rangeClosed(first, section).forEach(sections::add);
        before = section;
      }
    }
    return sections;
  }

  private static Set<Integer> sectionsOf(MarkdownPage page) {
    return page.headings().stream()
        .map(NUMBERED::matcher)
        .filter(Matcher::matches)
        .map(heading -> Integer.valueOf(heading.group(1)))
        .collect(Collectors.toSet());
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : List.of("spark-job", "data-prep")) {
      try (Stream<Path> files = Files.walk(SparkSubmit.repository().resolve(module + "/src"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }
}
